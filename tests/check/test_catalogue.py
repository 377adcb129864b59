"""The rules against the catalogue and the fact base."""

from __future__ import annotations

import pytest

from archtui.check.rule import Rule
from archtui.facts import facts, rule_catalogue
from archtui.formats.blueprint_file import loads
from archtui.model.errors import InputError
from archtui.services import registry, rules

every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)

OWN = {
    "ACM003": "certificates that are not issued yet or have expired",
    "ACM004": "certificates for another name",
    "API005": "an API that is asked for more than its limits let through",
    "ASG012": "a group that has nothing to start",
    "CDN008": "cache keys that hold everything",
    "CDN009": "caches that are counted on for uploads",
    "CDN010": "sites that are invalidated as a whole",
    "CDN013": "private origins that cannot be asked",
    "DNS007": "answers in the place of a load balancer",
    "ECS006": "a deployment that may stop every task",
    "DAT002": "search domains without a quorum that can lose a node",
    "DNS015": "records without a value",
    "DNS016": "records of one name that cannot be told apart",
    "DNS017": "resolver endpoints in one zone",
    "EKS002": "nodes that all stand in one zone",
    "EKS003": "a cluster that can run nothing",
    "EKS004": "a control plane in one zone, which EKS refuses",
    "EKS005": "Fargate profiles in public subnets, which EKS refuses",
    "EKS006": "nodes that cannot reach their cluster",
    "EKS007": "an Ingress for which nothing makes a balancer",
    "EKS008": "instance targets without a node port",
    "EKS009": "pods that find no room",
    "EKS010": "security groups for pods on sizes that have none",
    "ELB028": "listeners that nobody may reach",
    "GRA011": "links that nothing in the design carries",
    "IAM004": "applications that carry the keys of a user",
    "IAM005": "access between accounts that only one of them grants",
    "KIN002": "more input than the shards of a stream take",
    "KIN005": "records that expire while consumers may be down",
    "LAM015": "cold starts of functions that somebody waits for",
    "NET049": "instances in public subnets that lack an address",
    "OPS005": "environments that answer nobody during a deployment",
    "RDS022": "replicas of a database without backups",
    "RDS023": "a primary or standby in a zone its subnets are not in",
    "S3006": "access logs that log themselves",
    "S3008": "versions that nothing ever moves or deletes",
    "S3009": "buckets mounted as disks",
    "S3011": "archived objects that somebody waits for",
    "SFN002": "a task that is neither tried again nor caught",
    "SEC018": "web ACLs in front of what they cannot see",
    "SNS002": "subscribers that lose what they miss",
    "SQS005": "more messages than a FIFO queue takes",
    "SQS007": "workers that poll short",
}
"""Rules that the catalogue does not have, with what they add."""

NOT_STATABLE = {
    "NET014": "a subnet names one route table, so two associations cannot be written down",
    "SEC010": "a security-group rule has no action, so a denying one cannot be written down",
}
"""Catalogue rules about our first kinds that the blueprint format makes impossible to break."""

ANSWERED = {
    "KMS005": "the modules of KMS are validated at level 3 of FIPS 140-3 (KMS guide, 'AWS KMS internal operations')",
    "LAM001": "a timeout over 900 s is refused when the blueprint is read, with the bounds in the message",
    "LAM002": "memory and /tmp beyond Lambda's bounds are refused when the blueprint is read",
}
"""Catalogue rules about calls, functions, events and keys that need none, and why."""


@every_rule
def test_rule_is_in_the_catalogue(rule: Rule) -> None:
    entry = rule_catalogue().get(rule.id)
    assert (entry is None) == (rule.id in OWN)
    if entry:
        assert (rule.severity, rule.class_) == (entry.severity, entry.class_)


@every_rule
def test_facts_exist(rule: Rule) -> None:
    assert set(rule.facts) <= set(facts())


NETWORK = {
    "vpc",
    "subnet",
    "route_table",
    "igw",
    "nat_gateway",
    "elastic_ip",
    "eni",
    "security_group",
    "nacl",
    "vpc_peering",
}


def test_every_network_rule_of_the_catalogue_is_there() -> None:
    """Each catalogue rule about nothing but the parts of a VPC is implemented, or says why it cannot be."""
    wanted = {entry.id for entry in rule_catalogue().values() if entry.services and set(entry.services) <= NETWORK}
    missing = wanted - {rule.id for rule in rules()}
    assert missing == set(NOT_STATABLE)


def test_at_least_sixty_rules() -> None:
    assert len(rules()) >= 60


def test_every_rule_about_functions_and_apis_is_there_or_says_why_not() -> None:
    prefixes = ("LAM", "API", "EVB", "SFN", "KMS")
    wanted = {name for name in rule_catalogue() if name.startswith(prefixes)}
    assert wanted - {rule.id for rule in rules()} == set(ANSWERED)


@pytest.mark.parametrize(
    ("setting", "bound"),
    [("timeout: 901s", "900"), ("memory: 127", "128"), ("memory: 10241", "10240"), ("ephemeral_storage: 511", "512")],
)
def test_what_lambda_does_not_take_is_refused_on_reading(setting: str, bound: str) -> None:
    text = f"blueprint: t\nregion: eu-west-1\ncomponents:\n  fn: {{kind: lambda_function, {setting}}}\n"
    with pytest.raises(InputError, match=bound):
        loads(text, registry())
