"""Reading YAML: what plain scalars mean, where everything stands, what is refused and how."""

from __future__ import annotations

import pytest
import yaml

from archtui.formats.yaml_text import locate, parse, plain
from archtui.model.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("12", 12),
        ("-3", -3),
        ("012345678901", "012345678901"),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("12:30", "12:30"),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("2026-01-01", "2026-01-01"),
        (".inf", ".inf"),
        ("0", 0),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    found = plain(text)
    assert found == value
    assert type(found) is type(value)


TEXT = """\
# é comes first
blueprint: Shop
components:
  web: {kind: ec2, subnet: app}
  lb:
    kind: alb
    listeners:
      - {port: 443}
      - port: 80
        redirect: {port: 443}
"""


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        (("blueprint",), False, (2, 12)),
        (("blueprint",), True, (2, 1)),
        (("components",), False, (3, 1)),
        (("components", "web"), False, (4, 3)),
        (("components", "web", "subnet"), False, (4, 28)),
        (("components", "web", "subnet"), True, (4, 20)),
        (("components", "lb", "listeners", 1, "redirect", "port"), False, (10, 26)),
        (("components", "lb", "listeners", 0), False, (8, 9)),
        (("components", "lb", "nothing", "there"), False, (5, 3)),
        (("components", "nobody"), False, (3, 1)),
        ((), False, (2, 1)),
    ],
)
def test_everything_has_its_place(path: tuple[str | int, ...], key: bool, place: tuple[int, int]) -> None:
    root, problems = parse(TEXT, "shop.yaml")
    assert problems == []
    assert locate(root, path, key) == place


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("a: [1", "f:1:4: ", "close the bracket"),
        ("a: b: c", "f:1:5: ", "put a text that contains ': ' in quotes"),
        ("a: 'x", "f:1:4: ", "close the quotes"),
        ("a:\n\t- x", "f:2:1: ", "found character that cannot start any token"),
        ("a: *b", "f:1:4: ", "names no anchor"),
        ("a: &a\n  b: *a", "f:2:6: ", "contains itself"),
        ("a: &a [*a]", "f:1:8: ", "contains itself"),
        ("x\x00y", "f:1:2: ", "U+0000"),
        ("a: 1\nb: \ud800", "f:2:4: ", "U+D800"),
        ("? [a]\n: b", "f:1:3: ", "a key is a text"),
        ("---\na: 1\n---\nb: 2", "f:3:1: ", "second document"),
        ("[" * 100, "f:1:61: ", "nested deeper than 60"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, start: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text, "f")
    assert str(refused.value).startswith(start)
    assert words in str(refused.value)


def test_keys_given_twice_are_all_reported_and_the_rest_is_read() -> None:
    root, problems = parse("a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n", "f")
    assert root.value == {"a": 1, "b": 2, "c": {"x": 1}}
    assert [str(problem).partition(";")[0] for problem in problems] == [
        "f:3:1: 'a' is given twice, first in line 1",
        "f:4:11: 'x' is given twice, first in line 4",
    ]


def test_a_tag_that_means_nothing_is_reported() -> None:
    _, problems = parse("a: !Ref b", "f")
    assert str(problems[0]) == "f:1:4: the tag '!Ref' means nothing here; take it away"


def test_aliases_and_merge_keys_are_written_out() -> None:
    root, _ = parse("base: &b {x: 1, y: 2}\nmore: {<<: *b, y: 3}\nsame: *b\nmany: {<<: [*b, {z: 4}]}\n", "f")
    assert root.value == {
        "base": {"x": 1, "y": 2},
        "more": {"y": 3, "x": 1},
        "same": {"x": 1, "y": 2},
        "many": {"x": 1, "y": 2, "z": 4},
    }


def test_aliases_that_explode_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(InputError, match="stand for more than 2,000,000 values"):
        parse("\n".join(lines), "f")


def test_the_scanner_written_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = parse(TEXT, "f")[0]
    monkeypatch.setattr("archtui.formats.yaml_text._LOADER", yaml.SafeLoader)
    slow = parse(TEXT, "f")[0]
    assert slow == fast
