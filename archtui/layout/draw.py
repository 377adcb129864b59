"""From a design to its drawing."""

from __future__ import annotations

from archtui.layout.finish import finish
from archtui.layout.options import Options
from archtui.layout.plan import plan_of
from archtui.layout.result import Layout
from archtui.layout.route import Router, drawn_edges
from archtui.layout.settle import settle
from archtui.layout.view import DesignView, view_of
from archtui.world.world import World


def lay_out(design: World | DesignView, options: Options | None = None) -> Layout:
    """Return the drawing of ``design``: the same for the same input, whatever things are called."""
    chosen = options or Options()
    view = view_of(design) if isinstance(design, World) else design
    plan = plan_of(view, chosen)
    plan.root.measure()
    plan.root.place(0, 0)
    wires = Router(plan).route(drawn_edges(view, plan, chosen))
    settle(plan.root, wires)
    return finish(plan, wires)
