"""Every output format of a check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from archtui.check.formats import FORMATS, Checked
from archtui.check.runner import check
from archtui.model.errors import Location
from archtui.model.operations import Path
from archtui.services import rules
from tests.check.designs import world_of

DESIGN = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  one: {kind: vpc, cidr: 10.1.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, role: public}
  web: {kind: ec2, subnet: app-a, security_groups: [wide], metadata_tokens: required}
  wide: {kind: security_group, vpc: vpc, ingress: [{port: 22, from: 0.0.0.0/0, description: "100 % open"}]}
journeys:
  - {name: "From outside, to web", from: internet, to: web, protocol: tcp, port: 22, reaches: web}
  - {name: Nobody else, from: internet, to: web, protocol: tcp, port: 80, blocked: true}
suppress:
  - {rule: NET040, components: [vpc], reason: the landing zone keeps the logs}
  - {rule: SEC003, reason: there was a database here once}
"""
LINES = {"vpc": 2, "one": 3, "app-a": 4, "web": 5, "wide": 6}


def locate(path: Path) -> Location | None:
    """Know the lines of components, journeys and suppressions, and nothing inside them."""
    if len(path) == 2 and path[0] == "components":
        return Location("ignored", LINES[str(path[1])], 3)
    if len(path) == 2 and path[0] in ("journeys", "suppress") and isinstance(path[1], int):
        return Location("ignored", {"journeys": 8, "suppress": 11}[str(path[0])] + path[1], 5)
    return None


def rendered(form: str, located: bool = True) -> str:
    report = check(world_of(DESIGN), rules())
    return FORMATS[form]([Checked("designs/my shop.yaml", report, locate if located else None)], rules())


def test_json_has_the_promised_shape() -> None:
    data = json.loads(rendered("json"))
    assert {"findings", "journeys", "summary"} <= set(data)
    assert {"error", "warning", "info"} <= set(data["summary"])
    for finding in data["findings"]:
        wanted = {"rule", "severity", "class", "components", "message", "why", "fix", "facts", "fixable", "location"}
        assert wanted <= set(finding)
        assert set(finding["location"]) == {"file", "line", "column"}
        assert finding["location"]["file"] == "designs/my shop.yaml"
        assert finding["location"]["line"] == LINES[finding["components"][0]]
    for journey in data["journeys"]:
        assert {"name", "expect", "verdict", "holds", "reasons"} <= set(journey)
    assert [(journey["name"], journey["holds"]) for journey in data["journeys"]] == [
        ("From outside, to web", False),
        ("Nobody else", True),
    ]
    counted = {name: sum(f["severity"] == name for f in data["findings"]) for name in ("error", "warning", "info")}
    assert counted == {name: data["summary"][name] for name in counted}
    assert [entry["reason"] for entry in data["suppressed"]] == ["the landing zone keeps the logs"]
    assert [entry["location"]["line"] for entry in data["unused_suppressions"]] == [12]


def test_places_are_left_out_where_the_file_has_none() -> None:
    data = json.loads(rendered("json", located=False))
    assert {(f["location"]["line"], f["location"]["column"]) for f in data["findings"]} == {(0, 0)}
    assert "line=" not in rendered("github", located=False)
    run = json.loads(rendered("sarif", located=False))["runs"][0]
    assert all("region" not in result["locations"][0]["physicalLocation"] for result in run["results"])


def test_text_says_what_why_and_how_to_mend() -> None:
    text = rendered("text")
    assert "✗ designs/my shop.yaml:6:3: error SEC001 wide: " in text
    assert re.search(r"SEC001.*\n +why: .*", text)
    assert re.search(r"fix: Name the addresses.*\n? *\(--fix does it\)", re.sub(r"\n {9}", " ", text))
    assert "✗ designs/my shop.yaml:8:5: journey does not hold: From outside, to web." in text
    (broken,) = [line for line in text.splitlines() if "journey does not hold" in line]
    assert [text.count(reason) for reason in broken.rpartition(": ")[2:]] == [1]
    assert "✓ designs/my shop.yaml:9:5: journey holds: Nobody else." in text
    assert "NET040 suppressed: the landing zone keeps the logs" in text
    assert "designs/my shop.yaml:12:5: unused suppression: SEC003 finds nothing" in text
    assert text.splitlines()[-1].endswith("1 of 2 journeys hold, 1 suppressed")


def test_github_annotates_lines() -> None:
    lines = rendered("github").splitlines()
    assert all(re.match(r"::(error|warning|notice) file=[^:]+,line=\d+,col=\d+,title=[^:]+::", line) for line in lines)
    assert any(line.startswith("::error file=designs/my shop.yaml,line=6,col=3,title=SEC001::") for line in lines)
    assert any("%0AWhy: " in line for line in lines)
    assert any(line.startswith("::notice") and "Unused suppression" in line for line in lines)


def test_github_escapes() -> None:
    report = check(world_of(DESIGN), rules())
    line = FORMATS["github"]([Checked("a,b:c%.yaml", report)], rules()).splitlines()[0]
    assert "file=a%2Cb%3Ac%25.yaml," in line


def test_junit_counts_what_it_lists() -> None:
    root = ElementTree.fromstring(rendered("junit"))
    (suite,) = root.findall("testsuite")
    cases = suite.findall("testcase")
    failed = {case.get("name", "").split()[0] for case in cases if case.find("failure") is not None}
    assert {"SEC001", "NET001", "From"} <= failed
    assert suite.get("tests") == str(len(cases)) == str(len(rules()) + 2)
    assert suite.get("failures") == root.get("failures") == str(len(suite.findall("testcase/failure")))
    note = next(case for case in cases if case.get("name", "").startswith("NET040"))
    assert note.find("failure") is None
    assert "skipped" in {child.tag for child in note}


def test_sarif_is_well_formed() -> None:
    log = json.loads(rendered("sarif"))
    assert (log["version"], "sarif-schema-2.1.0" in log["$schema"]) == ("2.1.0", True)
    (run,) = log["runs"]
    descriptors = run["tool"]["driver"]["rules"]
    assert len({descriptor["id"] for descriptor in descriptors}) == len(descriptors)
    for descriptor in descriptors:
        assert {"id", "name", "shortDescription", "fullDescription", "defaultConfiguration"} <= set(descriptor)
        assert descriptor["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert re.fullmatch(r"[A-Za-z0-9]+", descriptor["name"])
    for result in run["results"]:
        assert descriptors[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "designs/my%20shop.yaml"
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    assert len(_fingerprints(run)) == len(set(_fingerprints(run)))
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["suppressions"] for result in suppressed] == [
        [{"kind": "inSource", "justification": "the landing zone keeps the logs"}]
    ]
    assert [result["ruleId"] for result in run["results"]].count("JOURNEY") == 1
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def _fingerprints(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["finding/v1"] for result in run["results"]]


def test_several_files_make_one_report() -> None:
    report = check(world_of(DESIGN), rules())
    both = [Checked("a.yaml", report), Checked("b.yaml", report)]
    single = json.loads(FORMATS["json"](both[:1], rules()))
    double = json.loads(FORMATS["json"](both, rules()))
    assert double["summary"]["error"] == 2 * single["summary"]["error"]
    assert {finding["location"]["file"] for finding in double["findings"]} == {"a.yaml", "b.yaml"}
    assert len(ElementTree.fromstring(FORMATS["junit"](both, rules())).findall("testsuite")) == 2


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_output_is_the_same_each_time(form: str) -> None:
    assert rendered(form) == rendered(form)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_design_without_anything_can_be_shown(form: str) -> None:
    report = check(world_of("components: {}\n"), rules())
    assert isinstance(FORMATS[form]([Checked("empty.yaml", report)], rules()), str)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def test_names_of_the_design_are_kept_in_every_format() -> None:
    assert any("100 %" in text or "web" in text for text in _strings(json.loads(rendered("sarif"))))
