"""The fact base is complete, consistent and free of what does not belong in a product."""

import json
import re
from importlib import resources

import pytest

from archtui import facts
from archtui.facts import Span

FILES = sorted(
    path.name for path in resources.files("archtui.facts").joinpath("data").iterdir() if path.name.endswith(".json")
)


def test_the_inventory_has_every_service_once() -> None:
    slugs = [service.slug for service in facts.services()]
    assert len(slugs) == len(set(slugs)) == 249
    assert all(service.name and service.role and service.scope for service in facts.services())


def test_facts_name_known_services() -> None:
    slugs = {service.slug for service in facts.services()}
    assert len(facts.facts()) == 1562
    assert {fact.service for fact in facts.facts().values()} <= slugs
    assert all(fact.text for fact in facts.facts().values())


def test_catalogued_rules_name_known_services() -> None:
    slugs = {service.slug for service in facts.services()}
    catalogue = facts.rule_catalogue()
    assert len(catalogue) == 250
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{1,2}\d{3}", name) for name in catalogue)
    assert {slug for rule in catalogue.values() for slug in rule.services} <= slugs


@pytest.mark.parametrize("name", FILES)
def test_data_files_hold_one_entry_a_line_and_no_foreign_words(name: str) -> None:
    text = resources.files("archtui.facts").joinpath("data", name).read_text(encoding="utf-8")
    rows = json.loads(text)
    assert text.count("\n") == len(rows) + 2
    assert not re.search(r"\bseeds?\b|\.txt\b|find_string|[0-9a-f]{16}|\bpage seen\b", text, re.IGNORECASE)


def test_a_fact_is_found_by_its_id_and_a_wrong_id_gets_a_suggestion() -> None:
    assert facts.fact("vpc-cidr-01").service == "vpc"
    with pytest.raises(facts.UnknownEntryError, match="did you mean 'vpc-cidr-01'"):
        facts.fact("vpc-cidr-1")


def test_corrections_say_what_is_wrong() -> None:
    wrong = [fact for fact in facts.facts().values() if fact.correction]
    assert len(wrong) == 189
    assert "172.31.0.0/16" in facts.fact("vpc-default-01").correction


@pytest.mark.parametrize("word", ["nat_gateway", "NAT gateway", "alb", "ALB"])
def test_a_service_is_found_by_slug_and_alias(word: str) -> None:
    assert facts.service(word).slug in {"nat_gateway", "alb"}
    assert facts.facts_of(word)


def test_search_finds_every_word_and_prefers_titles() -> None:
    found = facts.search("nat zone")
    assert found
    for fact in found:
        body = re.split(r"[^a-z0-9]+", f"{fact.id} {fact.text} {fact.note} {fact.correction}".lower())
        assert any(word.startswith("nat") for word in body)
        assert any(word.startswith("zone") for word in body)
    assert "nat" in found[0].id
    assert facts.search("  ") == ()
    assert facts.search("no such words anywhere") == ()


SECONDS = [
    # component, settings, detect, switch: the figures of the failover table
    ("route53.failover_record", {}, Span(90, 90), Span(60, 60)),
    ("route53.failover_record", {"interval": 10.0, "failure_threshold": 3.0, "ttl": 60.0}, Span(30, 30), Span(60, 60)),
    ("rds.multi_az_instance", {}, Span(0, 0), Span(60, 120)),
    ("rds.multi_az_cluster", {}, Span(0, 0), Span(0, 35)),
    ("rds.single_az", {}, None, None),
    ("rds.read_replica", {}, None, None),
    ("aurora.cluster_with_replica", {}, Span(0, 0), Span(30, 60)),
    ("aurora.cluster_no_replica", {}, Span(0, 0), Span(0, 600)),
    ("alb.target", {}, Span(60, 60), Span(0, 0)),
    ("alb.target", {"interval": 10.0, "unhealthy_threshold": 3.0}, Span(30, 30), Span(0, 0)),
    ("alb.node", {}, Span(0, 0), Span(60, 60)),
    ("asg.instance", {"detect": 60.0, "boot_time": 90.0}, Span(60, 60), Span(90, 90)),
    ("nat_gateway.zonal", {}, None, None),
    ("direct_connect.bgp", {}, Span(90, 90), None),
    ("direct_connect.bfd", {}, Span(0.9, 0.9), None),
    ("vpn.site_to_site", {}, Span(40, 40), None),
    ("global_accelerator", {"threshold": 1.0}, Span(30, 30), Span(0, 30)),
    ("cloudfront.origin_group", {}, Span(30, 30), Span(0, 0)),
    ("dynamodb.table", {}, Span(0, 0), Span(0, 0)),
    ("alb", {}, Span(0, 0), Span(0, 0)),
    ("instance", {}, None, None),
]


@pytest.mark.parametrize(("component", "settings", "detect", "switch"), SECONDS)
def test_failover_seconds(component: str, settings: dict[str, float], detect: Span | None, switch: Span | None) -> None:
    entry = facts.failover(component)
    assert entry.detect_seconds(**settings) == detect
    assert entry.switch_seconds(**settings) == switch


@pytest.mark.parametrize("entry", facts.failovers().values(), ids=lambda entry: entry.id)
def test_every_mechanism_has_a_source_and_known_services(entry: facts.Failover) -> None:
    slugs = {service.slug for service in facts.services()}
    assert set(entry.services) <= slugs
    assert entry.sources
    for source in entry.sources:
        assert source.startswith(("https://", "AWS documentation: "))
    if entry.switch is None or entry.detect is None:
        assert entry.switch_note or entry.detect_note or not entry.automatic or entry.data_loss_note
    json.dumps(entry.to_json())


def test_an_impossible_formula_is_refused() -> None:
    entry = facts.failover("alb.target")
    broken = facts.Failover(**{name: getattr(entry, name) for name in entry.__slots__} | {"detect": "__import__('os')"})
    with pytest.raises(facts.FormulaError):
        broken.detect_seconds()


def test_service_levels_have_percentages_and_sources() -> None:
    assert facts.sla("amazon-elb").percent == 99.99
    assert facts.sla("ec2-instance").percent == 99.5
    for entry in facts.slas().values():
        assert entry.source
        assert entry.percent is None or 99.0 <= entry.percent <= 100.0
    with pytest.raises(facts.UnknownEntryError, match="amazon-elb"):
        facts.sla("amazon-elbv")
