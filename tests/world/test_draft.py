"""What an expansion may rely on: order, what it sees of others, what it may say twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from archtui.model.blueprint import Blueprint
from archtui.model.component import Component, Json
from archtui.model.fields import Properties, Reference
from archtui.model.kinds import Kind, Registry
from archtui.model.operations import Set
from archtui.world.compiler import compile_world
from archtui.world.expand import Draft, Expands
from archtui.world.world import World


class BoxProperties(Properties):
    holds: tuple[Annotated[str, Reference(("box", "note"))], ...] = ()
    text: str = ""


class Does(Expands):
    """Runs a function and counts how often."""

    def __init__(self, order: int, work: Callable[[Component, Draft], None]) -> None:
        self.order = order
        self.work = work
        self.runs = 0

    def expand(self, component: Component, draft: Draft) -> None:
        self.runs += 1
        self.work(component, draft)


def registry_of(box: Does, note: Does) -> Registry:
    def kind(name: str, code: str, behaviour: Does) -> Kind:
        return Kind(name, name, name, "test", code, "x", "", BoxProperties, behaviours=(behaviour,))

    return Registry.of((kind("box", "bo", box), kind("note", "no", note)))


def compiled(registry: Registry, **components: Json) -> World:
    return compile_world(Blueprint.build({"blueprint": "T", "components": dict(components)}, registry))


def empty(_: Component, draft: Draft) -> None:
    draft.complete("a", {"holds": []})


def test_a_reference_that_an_earlier_expansion_took_out_is_not_seen_later() -> None:
    seen: list[str] = []
    note = Does(60, lambda c, draft: seen.extend(box.id for box in draft.referrers(c.id, "box")))
    world = compiled(registry_of(Does(10, empty), note), a={"kind": "box", "holds": ["n"]}, n={"kind": "note"})
    assert seen == []
    assert world.referrers("n") == ()


def test_what_is_added_is_expanded_too_before_what_comes_later() -> None:
    order: list[str] = []

    def add(component: Component, draft: Draft) -> None:
        order.append(component.id)
        if component.id == "a":
            draft.add("a:inner", "box", {})

    registry = registry_of(Does(10, add), Does(20, lambda c, _: order.append(c.id)))
    compiled(registry, n={"kind": "note"}, a={"kind": "box"})
    assert order == ["a", "a:inner", "n"]


def test_what_is_there_is_not_added_again_and_what_is_written_is_not_filled() -> None:
    def work(component: Component, draft: Draft) -> None:
        draft.add("n", "note", {"text": "other"})
        draft.fill(component.id, {"text": "filled", "holds": ["n"]})

    registry = registry_of(Does(10, work), Does(20, lambda *_: None))
    world = compiled(registry, a={"kind": "box", "text": "own"}, n={"kind": "note"})
    assert dict(world.components["n"].raw) == {}
    assert dict(world.components["a"].raw) == {"text": "own", "holds": ["n"]}
    assert not world.components["a"].implicit


def test_only_what_read_the_change_runs_again() -> None:
    box = Does(10, lambda c, draft: draft.fill(c.id, {"text": str(draft.get("n") is not None)}))
    note = Does(20, lambda *_: None)
    registry = registry_of(box, note)
    components: Json = {"a": {"kind": "box"}, "b": {"kind": "box"}, "n": {"kind": "note"}, "m": {"kind": "note"}}
    blueprint = Blueprint.build({"blueprint": "T", "components": components}, registry)
    world = compile_world(blueprint)
    assert (box.runs, note.runs) == (2, 2)
    blueprint, _ = blueprint.edited((Set(("components", "m", "text"), "x"),))
    world = compile_world(blueprint, world)
    assert (box.runs, note.runs) == (2, 3)
    blueprint, _ = blueprint.edited((Set(("components", "n", "text"), "x"),))
    after = compile_world(blueprint, world)
    assert (box.runs, note.runs) == (4, 4)
    assert after.components["a"] is world.components["a"], "the same again is the same object"
