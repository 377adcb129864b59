"""Designs for the tests of checking."""

from __future__ import annotations

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World


def blueprint_of(text: str) -> Blueprint:
    """Return the blueprint that ``text`` describes."""
    return Blueprint.build(read_yaml(text), registry())


def world_of(text: str) -> World:
    """Return the world of the blueprint that ``text`` describes."""
    return compile_world(blueprint_of(text))
