"""A trace as a sequence diagram, a Markdown page and a waterfall."""

from __future__ import annotations

import pytest

from archtui.formats.opening import open_any
from archtui.services import registry
from archtui.trace.latency import Latency
from archtui.trace.markdown import markdown
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.sequence import mermaid
from archtui.trace.walker import trace
from archtui.trace.waterfall import waterfall
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from tests.conftest import ROOT

SHOP = "https://shop.example.com/"


def shop(*down: str) -> Trace:
    world = compile_world(open_any(ROOT / "blueprints" / "three-tier.yaml", registry()).file.blueprint)
    return trace(world, Request.make("internet", SHOP), condition_for(world, down) if down else HEALTHY)


def test_a_diagram_shows_who_asks_whom_and_who_answers() -> None:
    assert mermaid(shop()).splitlines() == [
        "sequenceDiagram",
        "    participant p1 as internet",
        "    participant p2 as zone",
        "    participant p3 as lb",
        "    participant p4 as web-1",
        "    participant p5 as db",
        "    p1->>p2: DNS",
        "    p1->>p3: GET /",
        "    p3->>p4: GET /",
        "    p4->>p5: DNS",
        "    p4->>p5: tcp 5432",
        "    p5-->>p4: reply",
        "    p4-->>p3: HTTP 200",
        "    p3-->>p1: HTTP 200",
    ]


def test_what_stops_a_request_is_noted_and_not_answered() -> None:
    text = mermaid(shop("igw"))
    assert "✗ igw does not work: it is down. (BAD_STATE)" in text
    assert "p3-->>p1" not in text


def test_a_page_holds_every_step_and_every_blocker() -> None:
    found = shop("igw")
    page = markdown(found)
    assert page.startswith("# internet to https://shop.example.com/\n")
    assert found.sentence in page
    for hop in (*found.forward, *found.back):
        for step in hop.steps:
            assert step.message.replace("|", "\\|") in page
    for blocker in found.blockers:
        assert f"`{blocker.component}` `{blocker.code}`" in page


@pytest.mark.parametrize("width", [10, 40])
def test_a_waterfall_has_each_part_where_the_one_before_ends(width: int) -> None:
    parts = (Latency("dns", 10.0, "a"), Latency("a > b", 30.0, "b"), Latency("b > c", 0.0, "c"))
    lines = list(waterfall(parts, width))
    assert lines[0].startswith("█" * round(width / 4) + " ")
    assert lines[1].startswith(" " * round(width / 4) + "█" * (width - round(width / 4)))
    assert lines[2].startswith(" " * width + "▏")
    assert lines[3].strip() == "40 ms  in total"
    assert list(waterfall((), width)) == []
