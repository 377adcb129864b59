"""What only properties say of events is drawn: notifications, subscriptions, rules, mappings, dead letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.formats.blueprint_file import load
from archtui.layout import Options, lay_out, view_of
from archtui.layout.depict import EDGE_WORDS
from archtui.layout.glyphs import EDGE_DASHES
from archtui.layout.paint import Painter
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World

GALLERY = Path(__file__).parents[2] / "blueprints"
EXPECTED = {
    "image-pipeline": {("uploads", "jobs"), ("jobs", "start"), ("jobs", "dead-jobs")},
    "queue-workers": {("jobs", "failed-jobs"), ("mails", "mailer"), ("mails", "failed-mails")},
    "serverless-api": {("bus", "confirm"), ("bus", "failed"), ("confirm", "failed")},
    "streaming-analytics": {
        ("clicks", "totals"),
        ("totals", "minutes"),
        ("clicks", "to-lake"),
        ("to-lake", "lake"),
        ("clicks", "to-search"),
        ("to-search", "search"),
        ("to-search", "lake"),
    },
}


def world_of(name: str) -> World:
    return compile_world(load(GALLERY / f"{name}.yaml", registry()).blueprint)


@pytest.mark.parametrize("name", EXPECTED)
def test_events_of_the_gallery_are_drawn(name: str) -> None:
    view = view_of(world_of(name))
    assert {(edge.source, edge.target) for edge in view.edges if edge.style == "event"} == EXPECTED[name]
    layout = lay_out(view, Options())
    assert {(route.source, route.target) for route in layout.routes if route.style == "event"} == EXPECTED[name]


def test_every_place_of_a_sender_and_a_receiver_makes_a_line() -> None:
    components: dict[str, Json] = {
        "bucket": {"kind": "s3_bucket", "notifications": [{"to": "topic"}], "replication": [{"to": "copy"}]},
        "copy": {"kind": "s3_bucket"},
        "topic": {
            "kind": "sns_topic",
            "subscriptions": [{"to": "queue", "dead_letter": "lost"}, {"to": "a@b.example"}],
        },
        "queue": {"kind": "sqs_queue", "dead_letter": {"queue": "lost"}},
        "lost": {"kind": "sqs_queue"},
        "work": {
            "kind": "lambda_function",
            "event_sources": [{"source": "queue"}, {"source": "stream", "on_failure": "lost"}],
            "on_success": "bus",
        },
        "stream": {"kind": "kinesis_stream"},
        "bus": {
            "kind": "event_bus",
            "rules": [{"name": "all", "pattern": {}, "targets": [{"to": "flow", "dead_letter": "lost"}]}],
        },
        "flow": {"kind": "state_machine", "states": {"first": {"to": "work"}}},
    }
    data: dict[str, Json] = {"blueprint": "Events", "version": 1, "region": "eu-west-1", "components": components}
    view = view_of(compile_world(Blueprint.build(data, registry())))
    drawn = {(edge.source, edge.target, edge.style) for edge in view.edges if edge.style != "uses"}
    assert drawn == {
        ("bucket", "topic", "event"),
        ("bucket", "copy", "replica"),
        ("topic", "queue", "event"),
        ("topic", "lost", "event"),
        ("queue", "lost", "event"),
        ("queue", "work", "event"),
        ("stream", "work", "event"),
        ("work", "lost", "event"),
        ("work", "bus", "event"),
        ("bus", "flow", "event"),
        ("bus", "lost", "event"),
        ("flow", "work", "forward"),
    }


@pytest.mark.parametrize("ascii_only", [False, True])
def test_an_event_is_told_from_a_call_without_colour(ascii_only: bool) -> None:
    layout = lay_out(view_of(world_of("image-pipeline")), Options())
    painter = Painter(layout, ascii_only)
    styles: dict[str, set[str]] = {}
    for y in range(layout.height):
        for run in painter.row(y):
            if run.owner == "edge" and len(run.edges) == 1:
                styles.setdefault(layout.routes[run.edges[0]].style, set()).update(run.text)
    straight = {"event": set(".:") if ascii_only else set("┄┆"), "link": set("-|") if ascii_only else set("─│")}
    assert styles["event"] & straight["event"]
    assert not styles["event"] & straight["link"]
    assert not styles["link"] & straight["event"]


def test_every_style_of_line_has_a_word_and_dashes_of_its_own() -> None:
    assert EDGE_WORDS["event"] == "sends to"
    assert EDGE_WORDS["forward"] == "targets"
    assert [style for style, dashes in EDGE_DASHES.items() if dashes == EDGE_DASHES["event"]] == ["event"]
