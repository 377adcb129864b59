"""What is made from the code is as the code is now: ``.ci/docs`` writes it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archtui.check.docs import rules_markdown
from archtui.formats import schema as schema_module
from archtui.formats.gallery import gallery_text, names
from archtui.formats.schema import FILE, blueprint_schema
from archtui.formats.yaml_text import parse
from archtui.services import registry, rules

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = blueprint_schema(registry())
    jsonschema.Draft7Validator.check_schema(made)
    return made


def test_the_shipped_schema_is_current(schema: dict[str, Any]) -> None:
    shipped = Path(schema_module.__file__).with_name(FILE).read_text(encoding="utf-8")
    assert json.loads(shipped) == schema, "run .ci/docs"


def test_the_page_of_the_rules_is_current() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_markdown(rules()), "run .ci/docs"


@pytest.mark.parametrize("name", names())
def test_the_schema_admits_the_gallery(schema: dict[str, Any], name: str) -> None:
    jsonschema.Draft7Validator(schema).validate(parse(gallery_text(name), name)[0].value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("regoin",), "x"),
        (("components", "web-1", "subnett"), "x"),
        (("components", "web-1", "kind"), "ec3"),
        (("components", "web-1", "state"), "sleeping"),
        (("components", "lb", "listeners", 0, "port"), 99999),
        (("components", "a b"), {"kind": "ec2"}),
        (("journeys", 0, "fron"), "x"),
        (("links", 0, "dependency"), "medium"),
        (("suppress",), [{"rule": "NET001", "reason": "short"}]),
        (("version",), 9),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(
    schema: dict[str, Any], path: tuple[str | int, ...], value: object
) -> None:
    data: Any = copy.deepcopy(parse(gallery_text("three-tier"), "f")[0].value)
    jsonschema.Draft7Validator(schema).validate(data)
    here = data
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(data)


def test_the_schema_knows_every_word_for_a_kind_and_describes_properties(schema: dict[str, Any]) -> None:
    words = schema["properties"]["components"]["additionalProperties"]["properties"]["kind"]["enum"]
    assert set(words) == set(registry().names)
    group = schema["definitions"]["kind.security_group"]["properties"]["egress"]
    assert "left out: everything" in group["description"]
