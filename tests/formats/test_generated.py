"""What is made from the code is as the code is now: ``.ci/docs`` writes it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.check.docs import rules_markdown
from archtui.formats import schema as schema_module
from archtui.formats.gallery import gallery_text, names
from archtui.formats.schema import FILE, blueprint_schema
from archtui.formats.yaml_text import parse, read_yaml
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.errors import InputError
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
    assert not [*jsonschema.Draft7Validator(schema).iter_errors(parse(gallery_text(name), name)[0].value)]


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


_ODD: tuple[Json, ...] = (
    *(None, "", 0, -1, 1, 443, "443", "80-90", "all", "tcp", 65536, 1.5, True, False, "yes", "x", "a b"),
    *([], {}, ["x"], {"x": 1}, "10.0.0.0/8", "10.0.0.1", "internet", "5m", "99.9%", "eu-west-1", "a", "self"),
)


def places_in(data: Json, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in entries:
        yield (*here, key)
        yield from places_in(inner, (*here, key))


def component_at(data: Any, path: tuple[str | int, ...]) -> Any:
    return data["components"][path[1]] if path[0] == "components" and len(path) > 1 else None


EXAMPLES = [read_yaml(text) for rule in rules() for text in (rule.example_bad, rule.example_good)]


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_schema_admits_whatever_the_program_admits(schema: dict[str, Any], data: st.DataObject) -> None:
    design: Any = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES)))
    path = data.draw(st.sampled_from([*places_in(design)]))
    component = component_at(design, path)
    if isinstance(component, dict) and component.get("kind") in registry() and data.draw(st.booleans()):
        fields = registry()[component["kind"]].properties.model_fields
        path = (
            "components",
            path[1],
            data.draw(st.sampled_from([info.alias or name for name, info in fields.items()])),
        )
    here = design
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(_ODD)))
    try:
        Blueprint.build(design, registry())
    except InputError:
        return
    assert not [*jsonschema.Draft7Validator(schema).iter_errors(design)]
