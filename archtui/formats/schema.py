"""The JSON Schema of blueprint files, made from the kinds themselves."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from archtui.model.blueprint import FORMAT_VERSION
from archtui.model.component import Journey, Json, Link, Suppression
from archtui.model.fields import REGION
from archtui.model.kinds import Kind, Registry

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server, and so every editor, understands."""
FILE = "blueprint.schema.json"
"""The schema as shipped, in this package."""


def blueprint_schema(registry: Registry) -> dict[str, Json]:
    """Return the schema. It follows the kinds: a new kind is completed and checked without a change here."""
    definitions: dict[str, Json] = {}
    cases: list[Json] = []
    words: list[Json] = []
    for kind in registry:
        known = sorted({word for word, name in registry.names.items() if name == kind.name})
        definitions[f"kind.{kind.name}"] = _component(kind, known, definitions)
        condition: Json = {"properties": {"kind": {"enum": [*known]}}, "required": ["kind"]}
        cases.append({"if": condition, "then": {"$ref": f"#/definitions/kind.{kind.name}"}})
        words += known
    component: dict[str, Json] = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": sorted(words, key=str), "description": "What it is."}},
        "allOf": cases,
    }
    return {
        "$schema": DRAFT,
        "title": "archtui blueprint",
        "description": "An AWS architecture: its components, the links between applications, the journeys it is for.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "blueprint": {"type": ["string", "integer"], "description": "The design's name."},
            "version": {"type": "integer", "minimum": 1, "maximum": FORMAT_VERSION, "description": "The format."},
            "description": {"type": ["string", "null"], "description": "What the design is about."},
            "region": {
                "type": ["string", "null"],
                "pattern": REGION,
                "description": "The home region; left out: us-east-1.",
            },
            "account": {"type": ["string", "integer", "null"], "description": "The home account."},
            "components": {
                "type": ["object", "null"],
                "description": "Id to component.",
                "propertyNames": {"pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$"},
                "additionalProperties": component,
            },
            "links": _list(Link, definitions, "Which application talks to which."),
            "journeys": _list(Journey, definitions, "Named requests with what is expected of them."),
            "suppress": _list(Suppression, definitions, "Findings that the owner has judged."),
        },
        "definitions": dict(sorted(definitions.items())),
    }


def _component(kind: Kind, words: list[str], definitions: dict[str, Json]) -> Json:
    schema = _model(kind.properties, definitions)
    if not isinstance(schema, dict):
        return schema
    own = schema.get("properties")
    schema["properties"] = {"kind": {"enum": [*words]}, **(own if isinstance(own, dict) else {})}
    schema["title"] = kind.title
    schema["description"] = kind.summary
    return schema


def _list(model: type[BaseModel], definitions: dict[str, Json], description: str) -> Json:
    definitions[model.__name__] = _model(model, definitions)
    return {
        "type": ["array", "null"],
        "description": description,
        "items": {"$ref": f"#/definitions/{model.__name__}"},
    }


def _model(model: type[BaseModel], definitions: dict[str, Json]) -> Json:
    """Return the schema of ``model``; the models within it go to ``definitions``."""
    prefix = model.__module__.split(".")[-2]
    raw = model.model_json_schema(by_alias=True, ref_template=f"#/definitions/{prefix}.{{model}}")
    inner = raw.pop("$defs", {})
    for name in sorted(inner):
        definitions[f"{prefix}.{name}"] = _tidy(inner[name])
    return _tidy(raw)


def _tidy(schema: Any) -> Json:
    """Drop what tells an editor nothing: the titles that pydantic derives from the names of fields."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        found: Json = schema
        return found
    named = "properties" in schema
    tidy = {key: _tidy(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    if named:
        tidy["properties"] = {key: _tidy(value) for key, value in schema["properties"].items()}
    return tidy
