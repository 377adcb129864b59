"""What holds for every drawing of every design."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.layout import Layout, Options, lay_out
from archtui.layout.geometry import Rect
from archtui.layout.paint import text_of
from archtui.layout.view import DesignEdge, DesignNode, DesignView
from tests.layout.designs import views

KEPT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def drawings(draw: st.DrawFn) -> tuple[DesignView, Options, Layout]:
    view = draw(views())
    frames = [node.id for node in view.nodes.values() if node.place == "frame"]
    folded = draw(st.sets(st.sampled_from(frames), max_size=3)) if frames else set()
    zones = {f"{n.parents[0]}/{n.zones[0]}" for n in view.nodes.values() if n.zones and n.parents}
    if zones and draw(st.booleans()):
        folded = folded | {draw(st.sampled_from(sorted(zones)))}
    options = Options(
        width=draw(st.sampled_from([40, 80, 120, 200])),
        density=draw(st.sampled_from(["auto", "compact", "boxed"])),
        folded=frozenset(folded),
        show=draw(st.sampled_from([frozenset(), frozenset({"settings", "uses", "routes"})])),
    )
    return view, options, lay_out(view, options)


def cells_of(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    cells = [points[0]]
    for (ax, ay), (bx, by) in pairwise(points):
        assert ax == bx or ay == by, "an edge is orthogonal"
        step = (bx > ax) - (bx < ax), (by > ay) - (by < ay)
        while cells[-1] != (bx, by):
            cells.append((cells[-1][0] + step[0], cells[-1][1] + step[1]))
    return cells


@KEPT
@given(drawings())
def test_everything_stands_inside_its_frame_and_on_the_canvas(drawn: tuple[DesignView, Options, Layout]) -> None:
    _, _, layout = drawn
    canvas = Rect(0, 0, layout.width, layout.height)
    for node in layout.nodes.values():
        assert canvas.contains(node.rect)
        if node.frame:
            assert layout.frames[node.frame].rect.contains(node.rect)
    for frame in layout.frames.values():
        assert canvas.contains(frame.rect)
        if frame.parent:
            assert layout.frames[frame.parent].rect.contains(frame.rect)
        if frame.title:
            assert frame.rect.contains(frame.title_rect)


@KEPT
@given(drawings())
def test_nothing_overlaps_its_siblings(drawn: tuple[DesignView, Options, Layout]) -> None:
    _, _, layout = drawn
    for names in layout.children.values():
        for one, two in combinations(names, 2):
            a, b = layout.rect(one), layout.rect(two)
            assert a is not None
            assert b is not None
            assert not a.overlaps(b), (one, two)
    for one, two in combinations(layout.nodes.values(), 2):
        assert not one.rect.overlaps(two.rect), (one.id, two.id)
    for frame in layout.frames.values():
        for node in layout.nodes.values():
            assert not (frame.title and frame.title_rect.overlaps(node.rect))


@KEPT
@given(drawings())
def test_edges_keep_off_nodes_and_titles_and_end_beside_what_they_connect(
    drawn: tuple[DesignView, Options, Layout],
) -> None:
    _, _, layout = drawn
    nodes = {
        (x, y)
        for n in layout.nodes.values()
        for x in range(n.rect.x, n.rect.right)
        for y in range(n.rect.y, n.rect.bottom)
    }
    titles = {
        (x, f.rect.y) for f in layout.frames.values() if f.title for x in range(f.title_rect.x, f.title_rect.right)
    }
    for route in layout.routes:
        cells = cells_of(route.points)
        assert not nodes & set(cells), route
        assert not titles & set(cells), route
        for name, (x, y) in ((route.source, cells[0]), (route.target, cells[-1])):
            rect = layout.rect(name)
            assert rect is not None
            beside = Rect(rect.x - 1, rect.y - 1, rect.width + 2, rect.height + 2)
            corner = x in (beside.x, beside.right - 1) and y in (beside.y, beside.bottom - 1)
            assert beside.holds(x, y), route
            assert not rect.holds(x, y), route
            assert not corner, route


@KEPT
@given(drawings())
def test_every_drawn_pair_that_is_connected_has_its_edge(drawn: tuple[DesignView, Options, Layout]) -> None:
    view, _, layout = drawn
    routed = {(route.source, route.target, route.style) for route in layout.routes}
    for edge in view.edges:
        ends = [layout.hidden.get(name, name) for name in (edge.source, edge.target)]
        if ends[0] == ends[1] or any(layout.rect(end) is None or end.startswith("settings:") for end in ends):
            continue
        one, two = layout.rect(ends[0]), layout.rect(ends[1])
        assert one is not None
        assert two is not None
        if one.contains(two) or two.contains(one) or edge.style in ("member", "uses", "route"):
            continue
        assert (ends[0], ends[1], edge.style) in routed


@KEPT
@given(drawings())
def test_every_component_is_drawn_or_stood_for(drawn: tuple[DesignView, Options, Layout]) -> None:
    view, _, layout = drawn
    for name in view.nodes:
        shown = layout.shown(name)
        assert shown is not None
        assert layout.rect(shown) is not None


@KEPT
@given(drawings())
def test_the_same_design_gives_the_same_drawing(drawn: tuple[DesignView, Options, Layout]) -> None:
    view, options, layout = drawn
    assert text_of(lay_out(view, options)) == text_of(layout)


@KEPT
@given(views(), st.randoms(use_true_random=False))
def test_names_do_not_change_the_structure(view: DesignView, random: object) -> None:
    """Other names of the same length give the same rectangles, whatever their alphabetical order."""
    ids = list(view.nodes)
    shuffled = list(range(len(ids)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    new = {
        old: f"{shuffled[i]:03}".ljust(len(old), "y")[: max(4, len(old))].ljust(max(4, len(old)), "y")
        for i, old in enumerate(ids)
    }
    old_names = {old: old.ljust(4, "y") for old in ids}

    def renamed(names: dict[str, str]) -> DesignView:
        nodes = {}
        for node in view.nodes.values():
            depiction = node.depiction
            if depiction.anchors:
                from dataclasses import replace

                depiction = replace(depiction, anchors=tuple(names[a] for a in depiction.anchors))
            nodes[names[node.id]] = DesignNode(
                names[node.id], node.kind, node.glyph, depiction, tuple(names[p] for p in node.parents), node.region,
                node.account, node.zones,
            )  # fmt: skip
        edges = tuple(DesignEdge(names[e.source], names[e.target], e.style) for e in view.edges)
        return DesignView(nodes, edges, tuple((names[a], names[b]) for a, b in view.references))

    one, two = lay_out(renamed(old_names)), lay_out(renamed(new))
    back = {new[old]: old_names[old] for old in ids}
    assert {back[n.id]: n.rect for n in two.nodes.values() if n.id in back} == {
        n.id: n.rect for n in one.nodes.values() if n.id in back.values()
    }
    assert [r.points for r in one.routes] == [r.points for r in two.routes]


@KEPT
@given(drawings())
def test_rows_are_as_wide_as_the_canvas(drawn: tuple[DesignView, Options, Layout]) -> None:
    from rich.cells import cell_len

    from archtui.layout.paint import Painter

    _, _, layout = drawn
    painter = Painter(layout)
    for y in range(layout.height):
        assert sum(cell_len(run.text) for run in painter.row(y)) == layout.width
