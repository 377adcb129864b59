"""Working edits into a text: what an edit does not concern stays as it is, byte for byte."""

from __future__ import annotations

import difflib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.formats.yaml_edit import rewrite
from archtui.formats.yaml_emit import document
from archtui.formats.yaml_text import parse
from archtui.model.component import Json
from archtui.model.operations import Insert, Operation, Remove, Rename, Set, apply_all

TEXT = """\
# A shop.
blueprint: "Shop"   # the name
region: 'eu-west-1'

components:
  # -- network ---
  vpc:     {kind: vpc, cidr: 10.0.0.0/16}   # big enough
  app-a:   {kind: subnet, vpc: vpc, az: a}
  web:
    kind: ec2
    # one of them
    subnet: app-a
    security_groups: [web-sg,
                      other]   # two
    user_data: |
      #!/bin/sh
      echo "a: b"

    state: running
  lb:
    kind: alb
    listeners:
      # the good one
      - {port: 443, forward: web}   # TLS
      - port: 80
        redirect:
          port: 443

# -- how they talk --
links:
- {from: web, to: db}   # rows
- from: lb
  to: web
# the end
"""


def changed(*operations: Operation, text: str = TEXT) -> list[str]:
    """Return the lines that the operations take away and add, after checking what must always hold."""
    root, problems = parse(text, "f")
    assert problems == []
    data, undo = apply_all(root.value, operations)
    assert isinstance(data, dict)
    written = rewrite(text, root, data)
    assert parse(written, "f")[0].value == data
    back, _ = apply_all(data, undo)
    assert isinstance(back, dict)
    assert rewrite(text, root, back) == text
    diff = difflib.ndiff(text.splitlines(), written.splitlines())
    return [line for line in diff if line[:1] in "+-"]


C = "components"


@pytest.mark.parametrize(
    ("operations", "lines"),
    [
        (
            [Set((C, "vpc", "cidr"), "10.1.0.0/16")],
            [
                "-   vpc:     {kind: vpc, cidr: 10.0.0.0/16}   # big enough",
                "+   vpc:     {kind: vpc, cidr: 10.1.0.0/16}   # big enough",
            ],
        ),
        ([Set(("blueprint",), "Store")], ['- blueprint: "Shop"   # the name', '+ blueprint: "Store"   # the name']),
        ([Set(("region",), "us-east-1")], ["- region: 'eu-west-1'", "+ region: 'us-east-1'"]),
        (
            [Set((C, "db"), {"kind": "rds", "engine": "postgres"})],
            ["+   db: {kind: rds, engine: postgres}"],
        ),
        ([Remove((C, "app-a"))], ["-   app-a:   {kind: subnet, vpc: vpc, az: a}"]),
        ([Remove((C, "web", "state"))], ["-     state: running"]),
        ([Set((C, "web", "tenancy"), "host")], ["+     tenancy: host"]),
        (
            [Set((C, "app-a", "map_public_ip"), True)],
            [
                "-   app-a:   {kind: subnet, vpc: vpc, az: a}",
                "+   app-a:   {kind: subnet, vpc: vpc, az: a, map_public_ip: true}",
            ],
        ),
        (
            [Remove((C, "app-a", "vpc"))],
            ["-   app-a:   {kind: subnet, vpc: vpc, az: a}", "+   app-a:   {kind: subnet, az: a}"],
        ),
        (
            [Remove((C, "app-a", "az"))],
            ["-   app-a:   {kind: subnet, vpc: vpc, az: a}", "+   app-a:   {kind: subnet, vpc: vpc}"],
        ),
        (
            [Rename((C, "app-a"), "app-one"), Set((C, "web", "subnet"), "app-one")],
            [
                "-   app-a:   {kind: subnet, vpc: vpc, az: a}",
                "+   app-one:   {kind: subnet, vpc: vpc, az: a}",
                "-     subnet: app-a",
                "+     subnet: app-one",
            ],
        ),
        (
            [Insert((C, "lb", "listeners", 1), {"port": 8443})],
            ["+       - {port: 8443}"],
        ),
        ([Insert((C, "lb", "listeners", 0), {"port": 8443})], ["+       - {port: 8443}"]),
        ([Remove((C, "lb", "listeners", 0))], ["-       - {port: 443, forward: web}   # TLS"]),
        (
            [Remove((C, "lb", "listeners", 1))],
            ["-       - port: 80", "-         redirect:", "-           port: 443"],
        ),
        (
            [Set((C, "lb", "listeners", 1, "redirect", "port"), 8443)],
            ["-           port: 443", "+           port: 8443"],
        ),
        (
            [Insert((C, "web", "security_groups", 1), "third")],
            ["-     security_groups: [web-sg,", "+     security_groups: [web-sg, third,"],
        ),
        ([Set((C, "web", "user_data"), "#!/bin/sh\nexit\n")], ['-       echo "a: b"', "+       exit"]),
        ([Insert(("links", 2), {"from": "web", "to": "lb"})], ["+ - {from: web, to: lb}"]),
        ([Remove(("links", 0))], ["- - {from: web, to: db}   # rows"]),
        (
            [Set(("journeys",), [{"name": "One", "from": "internet", "to": "lb", "port": 443, "reaches": "web"}])],
            ["+ ", "+ journeys:", "+   - {name: One, from: internet, to: lb, port: 443, reaches: web}"],
        ),
        ([Remove((C, "lb", "listeners", 1, "redirect")), Set((C, "lb", "listeners", 1, "port"), 81)], None),
        (
            [Set((C, "web", "listens"), [{"port": 8080, "paths": {"/*": 200}}])],
            ["+     listens: [{port: 8080, paths: {/*: 200}}]"],
        ),
        ([Remove(("links",))], None),
    ],
)
def test_an_edit_changes_its_own_lines_alone(operations: list[Operation], lines: list[str] | None) -> None:
    found = changed(*operations)
    if lines is not None:
        assert [line for line in found if not line.startswith("?")] == lines


def test_comments_survive_the_removal_of_what_stands_around_them() -> None:
    root, _ = parse(TEXT, "f")
    data, _ = apply_all(root.value, [Remove((C, "vpc")), Remove((C, "lb")), Remove(("links", 0))])
    assert isinstance(data, dict)
    written = rewrite(TEXT, root, data)
    for comment in ("# A shop.", "# -- network ---", "# one of them", "# -- how they talk --", "# the end"):
        assert comment in written


@pytest.mark.parametrize(
    ("text", "operations", "expected"),
    [
        ("a: {}\nb: 1\n", [Set(("a", "x"), 1)], "a:\n  x: 1\nb: 1\n"),
        ("a:\nb: 1\n", [Set(("a",), {"x": {"z": 1}})], "a:\n  x: {z: 1}\nb: 1\n"),
        ("a:\n", [Set(("a",), 5)], "a: 5\n"),
        ("a: 1", [Set(("b",), 2)], "a: 1\n\nb: 2"),
        ("a: {x: 1}", [Remove(("a", "x"))], "a: {}"),
        ("a:\n  x: 1\nb: 2\n", [Remove(("a", "x"))], "a: {}\nb: 2\n"),
        ("a:\n- 1\n- 2\n", [Insert(("a", 0), 0)], "a:\n- 0\n- 1\n- 2\n"),
        ("a: [1, 2, 3]\n", [Remove(("a", 1)), Remove(("a", 1))], "a: [1]\n"),
        ("a: [1, 2, 3]\n", [Remove(("a", 0))], "a: [2, 3]\n"),
        ("a: ['x', \"y\"]\n", [Set(("a", 0), "it's")], "a: ['it''s', \"y\"]\n"),
        ('{"a": {"b": 1}}\n', [Set(("a", "c"), "x"), Set(("d",), ["y"])], '{"a": {"b": 1, "c": "x"}, "d": ["y"]}\n'),
        ("a: &x {p: 1}\nb: *x\n", [Set(("b", "p"), 2)], "a: &x {p: 1}\nb:\n  p: 2\n"),
        ("a: &x {p: 1}\nb: *x\n", [Set(("a", "p"), 2)], "a: &x {p: 2}\nb:\n  p: 1\n"),
        ("a: |\n  x\n  y\nb: 1\n", [Set(("a",), "z")], "a: z\nb: 1\n"),
        ("a: z # why\nb: 1\n", [Set(("a",), "x\ny\n")], None),
        ("- a\n", [], "- a\n"),
        ("a: Ünïcödé 😀 # ü\nb: 2\n", [Set(("b",), "ß")], 'a: Ünïcödé 😀 # ü\nb: "ß"\n'),
    ],
)
def test_shapes(text: str, operations: list[Operation], expected: str | None) -> None:
    root, _ = parse(text, "f")
    data, _ = apply_all(root.value, operations)
    written = rewrite(text, root, data) if isinstance(data, dict) else text
    assert parse(written, "f")[0].value == data
    if expected is not None:
        assert written == expected


words = st.one_of(
    st.sampled_from(["a", "web-1", "no", "12", "012", "x: y", "# z", "a,b", "{", "'", '"', "", " ", "/*", "*", "::/0"]),
    st.text(max_size=6),
)
scalars = st.one_of(words, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False))
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)
documents = st.dictionaries(words, values, min_size=1, max_size=5)


@given(documents)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(data: dict[str, Json]) -> None:
    text = document(data)
    assert parse(text, "f")[0].value == data
    assert list(parse(text, "f")[0].value or []) == list(data)


@given(documents, documents, st.sampled_from([True, False, None]))
@settings(max_examples=200, deadline=None)
def test_any_document_becomes_any_other(old: dict[str, Json], new: dict[str, Json], style: bool | None) -> None:
    text = yaml.safe_dump(old, default_flow_style=style, allow_unicode=True, sort_keys=False)
    try:
        root, problems = parse(text, "f")
    except Exception:  # noqa: BLE001 (PyYAML writes some odd characters that it cannot read)
        return
    if problems or not isinstance(root.value, dict):
        return
    written = rewrite(text, root, new)
    assert parse(written, "f")[0].value == new
