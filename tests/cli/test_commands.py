"""The commands: what they print, in which shape, with which exit status."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from archtui.cli.main import COMMANDS

from .conftest import ROOT, Ran

Run = Callable[..., Ran]
SHOP = "blueprints/three-tier.yaml"
FLAWS = "blueprints/three-tier-flaws.yaml"
GOLDEN = Path(__file__).with_name("golden")
URL = "https://shop.example.com/"


# -- the shape of JSON answers -----------------------------------------------------------------------

_FREE = {"before", "after", "numbers", "header"}
"""Objects whose keys depend on what they are about."""


def shape(value: Any, key: str = "") -> Any:
    """Return the keys and types of ``value``; elements of a list are laid over each other."""
    if isinstance(value, dict):
        return "object" if key in _FREE else {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        merged: Any = None
        for item in value:
            merged = _laid(merged, shape(item, key))
        return [] if merged is None else [merged]
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "null" if value is None else "text"


def _laid(one: Any, other: Any) -> Any:
    if one is None or one == other:
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _laid(one.get(name), other[name]) if name in other else one[name] for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_laid(one[0], other[0])] if one and other else one or other
    words = {word for side in (one, other) for word in (side.split("|") if isinstance(side, str) else ["object"])}
    return "|".join(sorted(words))


def covers(golden: Any, found: Any, where: str = "") -> list[str]:
    """Return what of the golden shape is missing in ``found``; more keys are allowed, none may go."""
    if isinstance(golden, dict):
        if not isinstance(found, dict):
            return [] if found in ("null", "object") else [f"{where}: {found} instead of an object"]
        lost = [f"{where}.{name} is missing" for name in golden if name not in found]
        return lost + [
            line for name in golden if name in found for line in covers(golden[name], found[name], f"{where}.{name}")
        ]
    if isinstance(golden, list):
        if not isinstance(found, list):
            return [f"{where}: {found} instead of a list"]
        return covers(golden[0], found[0], f"{where}[]") if golden and found else []
    allowed = set(golden.split("|"))
    given = set(found.split("|")) if isinstance(found, str) else {"object"}
    return [] if given <= allowed | {"null"} else [f"{where}: {found} instead of {golden}"]


JSON_COMMANDS: dict[str, list[str]] = {
    "check": ["check", FLAWS, "--format", "json"],
    "trace": ["trace", FLAWS, "--from", "internet", "--to", URL, "--format", "json"],
    "fail": ["fail", SHOP, "--down", "az:eu-west-1a", "--format", "json"],
    "reach": ["reach", SHOP, "--format", "json"],
    "diff": ["diff", SHOP, FLAWS, "--format", "json"],
    "gallery": ["gallery", "--format", "json"],
    "services": ["services", "--format", "json"],
    "rules": ["rules", "--format", "json"],
    "facts": ["facts", "--format", "json"],
    "fidelity": ["fidelity", "--format", "json"],
    "explain-rule": ["explain", "NET005", "--format", "json"],
    "explain-code": ["explain", "NO_ROUTE_TO_DESTINATION", "--format", "json"],
    "explain-service": ["explain", "alb", "--format", "json"],
}


@pytest.mark.parametrize("name", sorted(JSON_COMMANDS))
def test_json_answers_have_the_promised_shape(archtui: Run, name: str) -> None:
    ran = archtui(*JSON_COMMANDS[name])
    assert ran.status in (0, 1), ran.err
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert covers(golden, shape(ran.json)) == []


@pytest.mark.parametrize("name", ["services", "rules", "facts"])
def test_lists_are_of_objects_with_an_id(archtui: Run, name: str) -> None:
    rows = archtui(name, "--format", "json").json
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) > 50


# -- check -------------------------------------------------------------------------------------------


def test_check_of_a_sound_design_is_fine(archtui: Run) -> None:
    ran = archtui("check", SHOP)
    assert ran.status == 0
    assert "0 errors, 0 warnings" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "never"], 0),
        (["--fail-on", "warning"], 1),
        (["--select", "RDS001"], 1),
        (["--select", "RDS001", "--ignore", "RDS"], 0),
        (["--select", "NET002"], 0),
        (["--select", "NET002", "--fail-on", "warning"], 1),
        (["--ignore", "SEC,NET", "--ignore", "ELB RDS"], 0),
    ],
)
def test_findings_say_no_where_they_should(archtui: Run, tmp_path: Path, options: list[str], status: int) -> None:
    design, _ = (ROOT / FLAWS).read_text(encoding="utf-8").split("\njourneys:")
    alone = tmp_path / "no-journeys.yaml"
    alone.write_text(f"{design}\n", encoding="utf-8")
    assert archtui("check", str(alone), *options).status == status


def test_check_locates_findings_and_journeys(archtui: Run) -> None:
    found = archtui("check", FLAWS, "--format", "json").json
    lines = (ROOT / FLAWS).read_text(encoding="utf-8").splitlines()
    for finding in found["findings"]:
        place = finding["location"]
        assert place["file"] == FLAWS
        assert lines[place["line"] - 1].strip(), finding
    assert [journey["holds"] for journey in found["journeys"]] == [False, True, False, True, True]


def test_a_journey_that_does_not_hold_is_a_no(archtui: Run, tmp_path: Path) -> None:
    text = (ROOT / SHOP).read_text(encoding="utf-8").replace("{port: 5432, from: web-sg", "{port: 5433, from: web-sg")
    path = tmp_path / "shop.yaml"
    path.write_text(text)
    ran = archtui("check", path, "--select", "NET001", "--format", "json")
    assert ran.status == 1
    assert [journey["verdict"] for journey in ran.json["journeys"] if not journey["holds"]] == ["blocked"]


def test_check_takes_several_files_and_standard_input(archtui: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / SHOP).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    ran = archtui("check", FLAWS, "-", "--format", "json", "--fail-on", "never")
    assert ran.status == 0
    assert {journey["location"]["file"] for journey in ran.json["journeys"] if "location" in journey} <= {
        FLAWS,
        "<stdin>",
    }


def test_check_writes_the_formats_that_other_programs_read(archtui: Run) -> None:
    sarif = archtui("check", FLAWS, "--format", "sarif").json
    assert sarif["version"] == "2.1.0"
    junit = ElementTree.fromstring(archtui("check", FLAWS, "--format", "junit").out)
    assert junit.tag == "testsuites"
    assert archtui("check", FLAWS, "--format", "github").out.startswith("::")


def test_fix_mends_the_file_and_keeps_its_comments(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    text = (ROOT / SHOP).read_text(encoding="utf-8").replace("    multi_az: true\n", "")
    path.write_text(text)
    ran = archtui("check", path, "--fix")
    assert ran.status == 0
    assert "multi_az" in ran.err
    mended = path.read_text()
    assert "multi_az: true" in mended
    assert [line for line in text.splitlines() if line not in mended.splitlines()] == []
    assert archtui("check", path).status == 0


# -- trace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["--from", "internet", "--to", URL], "reachable"),
        (["--from", "internet", "--to", "db", "--protocol", "tcp", "--port", "5432"], "blocked"),
        (["--from", "web-1", "--to", "198.51.100.20", "--port", "443"], "reachable"),
        (["--from", "web-1", "--to", "198.51.100.20", "--port", "443", "--down", "nat-a"], "blocked"),
        (["--from", "internet", "--to", URL, "--down", "az:eu-west-1a"], "reachable"),
        (["--from", "internet", "--to", URL, "--down", "db"], "reachable"),
        (["--from", "internet", "--to", URL, "--down", "az:eu-west-1a", "--at", "0"], "blocked"),
        (["--from", "internet", "--to", URL, "--method", "POST", "--path", "/cart", "--header", "X-A: b"], "reachable"),
        (["--from", "internet", "--to", URL, "--source-ip", "203.0.113.9", "--country", "IT"], "reachable"),
        (["--from", "203.0.113.9", "--to", "lb", "--protocol", "tcp", "--port", "443"], "reachable"),
    ],
)
def test_trace_gives_its_verdict_and_honours_expect(archtui: Run, words: list[str], verdict: str) -> None:
    ran = archtui("trace", SHOP, *words, "--format", "json")
    assert ran.status == 0, ran.err
    assert ran.json["verdict"] == verdict
    other = "blocked" if verdict == "reachable" else "reachable"
    assert archtui("trace", SHOP, *words, "--expect", verdict).status == 0
    assert archtui("trace", SHOP, *words, "--expect", other).status == 1


def test_a_blocked_trace_names_blockers_and_proved_fixes(archtui: Run) -> None:
    found = archtui("trace", FLAWS, "--from", "internet", "--to", URL, "--format", "json").json
    assert {"ENI_SG_RULES_MISMATCH", "SUBNET_ACL_RESTRICTION"} <= {blocker["code"] for blocker in found["blockers"]}
    assert found["fixes"]
    assert all(fix["verified"] is True for fix in found["fixes"])


def test_text_and_json_of_a_trace_use_the_same_words(archtui: Run) -> None:
    words = ["trace", SHOP, "--from", "internet", "--to", URL]
    text = re.sub(r"\s+", " ", archtui(*words).out)
    found = archtui(*words, "--format", "json").json
    for hop in found["forward"]:
        for step in hop["steps"]:
            assert re.sub(r"\s+", " ", step["message"]) in text
    assert len(archtui(*words, "--format", "jsonl").out.splitlines()) == 1


def test_flows_are_answered_line_by_line_in_order(archtui: Run, tmp_path: Path) -> None:
    flows = tmp_path / "flows.jsonl"
    rows = [
        {"id": "b", "from": "internet", "to": "db", "protocol": "tcp", "port": 5432},
        {"id": "a", "from": "web-1", "to": "db", "protocol": "tcp", "port": 5432, "source_port": 40000},
        {"id": 7, "from": "web-1", "to": "198.51.100.20", "protocol": "https"},
    ]
    flows.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    ran = archtui("trace", SHOP, "--flows", flows, "--format", "jsonl")
    assert ran.status == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [(row["id"], row["verdict"]) for row in found] == [("b", "blocked"), ("a", "reachable"), (7, "reachable")]
    assert found[0]["code"] == found[0]["blockers"][0]["code"]
    assert found[1] == {"id": "a", "verdict": "reachable", "code": "", "blockers": []}
    assert archtui("trace", SHOP, "--flows", flows, "--format", "jsonl", "--expect", "reachable").status == 1
    assert "verdict" in archtui("trace", SHOP, "--flows", flows).out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ":2:2: not valid JSON"),
        ("[]", ":2:1: a flow is a JSON object"),
        ('{"from": "web-1"}', ":2:1: a flow needs 'from' and 'to'"),
        ('{"from": "web-1", "to": "db", "port": 99999}', ":2:1: port 99999 is not a port"),
        ('{"from": "web-1", "to": "db", "protocol": "smoke"}', ":2:1: "),
    ],
)
def test_a_line_that_is_no_flow_is_named(archtui: Run, tmp_path: Path, line: str, said: str) -> None:
    flows = tmp_path / "flows.jsonl"
    flows.write_text('{"from": "web-1", "to": "db", "port": 5432}\n' + line + "\n")
    ran = archtui("trace", SHOP, "--flows", flows, "--format", "jsonl")
    assert ran.status == 2
    assert ran.err.startswith(f"{flows}{said}")
    assert len(ran.err.splitlines()) == 1


def test_what_comes_before_a_line_that_is_no_flow_is_answered(archtui: Run, tmp_path: Path) -> None:
    flows = tmp_path / "flows.jsonl"
    flows.write_text('\ufeff{"from": "web-1", "to": "db", "protocol": null, "port": 5432}\n' + "[" * 5000 + "\n")
    ran = archtui("trace", SHOP, "--flows", flows, "--format", "jsonl")
    assert ran.status == 2
    assert ran.json["verdict"] == "reachable"
    assert ran.err.startswith(f"{flows}:2:1: nested too deep; ")


def test_flows_through_a_pipe_are_answered_as_they_come() -> None:
    words = [sys.executable, "-m", "archtui", "trace", SHOP, "--flows", "-", "--format", "jsonl"]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(2):
            row = {"id": number, "from": "web-1", "to": "db", "protocol": "tcp", "port": 5432}
            process.stdin.write(json.dumps(row).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait() == 0


# -- the others --------------------------------------------------------------------------------------


def test_fail_tells_seconds_with_their_sources(archtui: Run) -> None:
    ran = archtui("fail", SHOP, "--down", "db", "--format", "json")
    assert ran.status == 0
    shop = ran.json["journeys"][0]
    assert shop["downtime_s"] > 0
    assert all(link["source"] for link in shop["chain"])
    assert "Timeline" in archtui("fail", SHOP, "--down", "db").out


def test_new_starts_a_file_that_is_a_blueprint(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "my-shop.yaml"
    assert archtui("new", path).status == 0
    assert archtui("check", path).status == 0
    assert "blueprint: My shop" in path.read_text()
    assert path.read_text().startswith("# yaml-language-server: $schema=")
    again = archtui("new", path)
    assert again.status == 2
    assert "exists already" in again.err
    assert archtui("new", path, "--from", "three-tier", "--force").status == 0
    assert "Three-tier" in path.read_text()
    assert archtui("new", "-", "--from", "sketch").out.count("blueprint:") == 1


def test_gallery_lists_and_prints(archtui: Run) -> None:
    assert "three-tier" in archtui("gallery").out
    assert archtui("gallery", "sketch").out == (ROOT / "blueprints/sketch.yaml").read_text(encoding="utf-8")
    assert archtui("gallery", "nothing").status == 2


def test_import_writes_a_blueprint_and_lists_what_it_left_out(archtui: Run, tmp_path: Path) -> None:
    source = tmp_path / "Vpcs.json"
    source.write_text(
        json.dumps(
            {
                "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available"}],
                "SpaceLasers": [{"Id": "laser-1"}],
            }
        )
    )
    target = tmp_path / "out.yaml"
    ran = archtui("import", source, "-o", target, "--format", "json")
    assert ran.status == 0, ran.err
    golden = json.loads((GOLDEN / "import.json").read_text(encoding="utf-8"))
    assert covers(golden, shape(ran.json)) == []
    assert ran.json["components"] == 1
    assert any(item["type"] == "SpaceLasers" for item in ran.json["unsupported"])
    assert archtui("check", target, "--fail-on", "never").status == 0
    assert archtui("import", source, "-o", target).status == 2
    assert "vpc-1" in archtui("import", source, "-o", "-").out
    assert archtui("check", source, "--fail-on", "never").status == 0


@pytest.mark.parametrize("more", [[], ["--type", "aws"]])
def test_what_aws_prints_can_be_piped_in(archtui: Run, monkeypatch: pytest.MonkeyPatch, more: list[str]) -> None:
    described = b'{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(described)))
    ran = archtui("import", "-", "-o", "-", *more)
    assert ran.status == 0, ran.err
    assert "vpc-1: {kind: vpc, cidr: 10.0.0.0/16}" in ran.out


def test_a_device_is_written_to_and_stays(archtui: Run) -> None:
    for command in (["new", "/dev/null"], ["new", "/dev/null", "--from", "sketch", "--force"]):
        assert archtui(*command).status == 0
    assert not Path("/dev/null").is_file()


def test_a_file_named_twice_is_fixed_once(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text((ROOT / SHOP).read_text(encoding="utf-8").replace("    multi_az: true\n", ""))
    ran = archtui("check", path, path, "--fix")
    assert ran.status == 0, ran.err


def test_explain_and_lists_speak_of_the_same_things(archtui: Run) -> None:
    for row in archtui("rules", "--format", "json").json[:5]:
        assert row["title"] in archtui("explain", row["id"].lower()).out
    assert "Properties:" in archtui("explain", "application_load_balancer").out
    assert archtui("facts", "nat").status == 0


def test_every_command_has_help(archtui: Run) -> None:
    shown = archtui("--help")
    assert shown.status == 0
    for name in COMMANDS:
        assert name in shown.out
        ran = archtui(name, "--help")
        assert ran.status == 0
        assert ran.out.startswith("Usage: archtui")
    assert re.fullmatch(r"archtui \d+\.\d+\.\d+\n", archtui("--version").out)


def test_a_kind_is_explained_with_the_words_and_keys_of_its_properties(archtui: Run) -> None:
    lines = " ".join(archtui("explain", "api_gateway").out.split())
    assert "protocol: Which kind of API. One of REST, HTTP, WEBSOCKET." in lines
    assert "Keys: path, method, to, uri, integration," in lines
