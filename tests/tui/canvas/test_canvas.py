"""The canvas in an app without a terminal: what it shows, what it says, what it repaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.filter import Monochrome
from textual.geometry import Region

from archtui.formats.yaml_text import read_yaml
from archtui.layout import Layout, Options, lay_out
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.tui.canvas import Badge, Canvas
from archtui.tui.canvas.hints import hints_for
from archtui.world.compiler import compile_world
from tests.layout.designs import sized

THREE_TIER = Path(__file__).parents[3] / "blueprints" / "three-tier.yaml"


class Stage(App[None]):
    """An app that is nothing but a canvas."""

    def __init__(self, layout: Layout, **options: object) -> None:
        super().__init__()
        self.layout_shown = layout
        self.canvas = Canvas(**options)  # type: ignore[arg-type]
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.canvas

    def on_mount(self) -> None:
        self.canvas.show(self.layout_shown)
        self.canvas.focus()

    def on_canvas_node_selected(self, event: Canvas.NodeSelected) -> None:
        self.heard.append(("selected", event.id, event.component))

    def on_canvas_node_activated(self, event: Canvas.NodeActivated) -> None:
        self.heard.append(("activated", event.id, event.component))

    def on_canvas_hints_closed(self, event: Canvas.HintsClosed) -> None:
        self.heard.append(("hints", event.id))

    def row(self, y: int) -> str:
        """Return a row of the canvas as text."""
        return self.canvas.render_lines(Region(0, y, self.canvas.size.width, 1))[0].text

    def text(self) -> str:
        return "\n".join(self.row(y) for y in range(self.canvas.size.height))

    def classes_at(self, needle: str) -> str:
        """Return the text style of the segment that holds ``needle``."""
        for y in range(self.canvas.size.height):
            strip = self.canvas.render_lines(Region(0, y, self.canvas.size.width, 1))[0]
            for segment in strip:
                if needle in segment.text:
                    return str(segment.style)
        raise AssertionError(f"{needle!r} is not on the canvas")


@pytest.fixture(scope="module")
def drawing() -> Callable[..., Layout]:
    world = compile_world(Blueprint.build(read_yaml(THREE_TIER.read_text("utf-8")), registry()))
    return lambda **options: lay_out(world, Options(**options))


async def test_it_shows_the_layout_in_the_middle(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(101, 26)):
        first = stage.row(0)
        assert first.strip().startswith("◈ example.com")
        assert len(first) == 101
        assert stage.row(2).index("╭") == (101 - stage.canvas.drawing.width) // 2


async def test_selecting_says_so_and_marks_without_colour(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)) as pilot:
        assert stage.canvas.select("web-1")
        await pilot.pause()
        assert "[▪ web-1]" in stage.text()
        assert "reverse" in stage.classes_at("[▪ web-1]")
        assert stage.heard == [("selected", "web-1", "web-1")]
        assert stage.canvas.select("vpc/eu-west-1a")
        await pilot.pause()
        assert "[eu-west-1a]" in stage.text()
        assert "[▪ web-1]" not in stage.text()
        assert stage.canvas.select("az:eu-west-1b")
        assert stage.canvas.selected == "vpc/eu-west-1b"
        assert not stage.canvas.select("nothing")
        assert stage.canvas.select(None)
        assert stage.canvas.selected is None


async def test_a_boxed_selection_has_a_double_border(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing(width=120))
    async with stage.run_test(size=(120, 30)):
        stage.canvas.select("web-1")
        assert "║ ▪ web-1   ║" in stage.text()
        assert "╔═══════════╗" in stage.text()


async def test_selecting_a_folded_away_component_selects_what_stands_for_it(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)):
        assert stage.canvas.select("web-sg")
        assert stage.canvas.selected == "settings:vpc"


async def test_a_move_repaints_the_rows_of_two_nodes(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.canvas.select("lb")
        await pilot.pause()
        painted: list[Region] = []
        paint = stage.canvas.refresh

        def refresh(*regions: Region, **options: bool) -> Canvas:
            painted.extend(regions)
            assert regions, "a move repaints everything"
            return paint(*regions, **options)

        stage.canvas.refresh = refresh  # type: ignore[method-assign]
        assert stage.canvas.move("down")
        stage.canvas.refresh = paint  # type: ignore[method-assign]
        assert stage.canvas.selected == "web"
        rows = {region.y for region in painted}
        nodes = stage.canvas.drawing.nodes
        assert rows == {nodes[name].rect.y for name in ("lb", "lb@public-a", "lb@public-b", "web")}


async def test_moving_entering_and_leaving(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)) as pilot:
        canvas = stage.canvas
        assert canvas.move("down")
        assert canvas.selected == "zone"
        canvas.select("app-a")
        assert canvas.enter()
        assert canvas.selected == "web-1"
        assert canvas.enter()
        await pilot.pause()
        assert stage.heard[-1] == ("activated", "web-1", "web-1")
        visited = []
        while canvas.leave():
            visited.append(canvas.selected)
        assert visited == ["app-a", "vpc/eu-west-1a", "vpc", "region:eu-west-1"]


async def test_badges_have_glyph_word_and_colour(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)):
        stage.canvas.badges({"web-1": Badge("✗", "down", "down"), "az:eu-west-1b": Badge("!", "degraded", "degraded")})
        text = stage.text()
        assert "▪ web-1 ✗ down" in text
        assert "eu-west-1b ! degraded" in text
        assert "reverse" in stage.classes_at("✗ down")
        stage.canvas.badge("web-1", None)
        assert "✗ down" not in stage.text()
        assert "! degraded" in stage.text()


async def test_badges_of_boxed_nodes_stand_on_the_border(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing(width=120))
    async with stage.run_test(size=(120, 30)):
        stage.canvas.badge("web-1", Badge("!", "degraded", "degraded"))
        assert "╭ ! degraded╮" in stage.text() or "╭ ! degraded ╮" in stage.text()


async def test_a_path_is_lit_and_the_rest_is_dimmed(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)):
        before, arrow = stage.classes_at("nat-a"), stage.classes_at("◀")
        stage.canvas.highlight(["internet", "igw", "lb", "web", "web-1", "db"], "web")
        lit, dim = stage.classes_at("igw"), stage.classes_at("nat-a")
        assert lit != dim != before
        assert "reverse" in stage.classes_at("◉ web ")
        assert stage.classes_at("▪ web-2") == dim
        assert stage.classes_at("◀") != arrow
        stage.canvas.highlight(None)
        assert stage.classes_at("nat-a") == before


async def test_hints_jump_and_give_up(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)) as pilot:
        assert stage.canvas.hint()
        letters = {name: keys for keys, name in stage.canvas._hints.items()}
        assert set(letters) == {node.id for node in stage.canvas.drawing.nodes.values() if not node.shadow}
        await pilot.press(*letters["db"])
        assert stage.canvas.selected == "db"
        assert not stage.canvas.hinting
        assert ("hints", "db") in stage.heard
        stage.canvas.hint()
        await pilot.press("escape")
        assert not stage.canvas.hinting
        assert stage.heard[-1] == ("hints", None)


async def test_typing_the_first_letter_leaves_the_second(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.canvas.hint()
        keys = next(keys for keys, name in stage.canvas._hints.items() if name == "lb")
        await pilot.press(keys[0])
        assert stage.canvas.hinting
        await pilot.press("1")
        assert not stage.canvas.hinting


def test_hint_letters_are_all_different() -> None:
    found = hints_for([str(number) for number in range(700)])
    assert len(found) == 676
    assert {len(keys) for keys in found} == {2}


async def test_finding_goes_round(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(80, 24)):
        assert stage.canvas.find("web") == ["web-1", "web", "web-2"]
        names = [stage.canvas.selected]
        for _ in range(3):
            stage.canvas.find_next()
            names.append(stage.canvas.selected)
        assert names == ["web-1", "web", "web-2", "web-1"]
        stage.canvas.find_next(-1)
        assert stage.canvas.selected == "web-2"
        assert stage.canvas.find("no such") == []


async def test_the_view_follows_the_selection() -> None:
    stage = Stage(lay_out(sized(200), Options(width=160)))
    async with stage.run_test(size=(60, 15)) as pilot:
        for name in ("db1", "i1-0", "igw1"):
            stage.canvas.select(name)
            await pilot.pause()
            rect = stage.canvas.drawing.nodes[name].rect
            x, y = stage.canvas.scroll_offset
            assert x <= rect.x
            assert rect.right <= x + stage.canvas.size.width
            assert y <= rect.y
            assert rect.bottom <= y + stage.canvas.size.height
            assert stage.app.cursor_position.y == rect.y - y


async def test_a_click_selects_and_a_second_one_activates(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(90, 24)) as pilot:
        rect = stage.canvas.drawing.nodes["web-2"].rect
        indent = (90 - stage.canvas.drawing.width) // 2
        await pilot.click(Canvas, offset=(rect.x + indent + 1, rect.y))
        assert stage.canvas.selected == "web-2"
        await pilot.click(Canvas, offset=(rect.x + indent + 1, rect.y), times=2)
        assert stage.heard[-1] == ("activated", "web-2", "web-2")
        frame = stage.canvas.drawing.frames["data-a"].rect
        await pilot.click(Canvas, offset=(frame.right + indent - 2, frame.bottom - 1))
        assert stage.canvas.selected == "data-a"


async def test_a_new_layout_keeps_the_selection(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())
    async with stage.run_test(size=(120, 24)):
        stage.canvas.select("web-1")
        stage.canvas.show(drawing(width=120))
        assert stage.canvas.selected == "web-1"
        stage.canvas.show(drawing(folded=frozenset({"app-a"})))
        assert stage.canvas.selected == "app-a"
        stage.canvas.show(Layout(0, 0, {}, {}, ()))
        assert stage.canvas.selected is None


async def test_line_filters_and_themes_reach_every_row(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing())

    def colours() -> Iterable[tuple[int, int, int]]:
        for y in range(stage.canvas.size.height):
            for segment in stage.canvas.render_lines(Region(0, y, 80, 1))[0]:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if colour and colour.triplet:
                        yield tuple(colour.triplet)

    async with stage.run_test(size=(80, 24)) as pilot:
        before = set(colours())
        assert any(len(set(colour)) > 1 for colour in before)
        stage.theme = "textual-light"
        await pilot.pause()
        assert set(colours()) != before
        stage._filters.append(Monochrome())
        assert all(len(set(colour)) == 1 for colour in colours())


async def test_an_empty_design_says_what_to_do() -> None:
    stage = Stage(Layout(0, 0, {}, {}, ()), placeholder="Nothing here yet")
    async with stage.run_test(size=(40, 9)):
        assert stage.row(4).strip() == "Nothing here yet"
        assert stage.row(0).strip() == ""
        assert not stage.canvas.move("down")


async def test_ascii_canvas(drawing: Callable[..., Layout]) -> None:
    stage = Stage(drawing(), ascii_only=True)
    async with stage.run_test(size=(80, 24)):
        stage.canvas.select("web-1")
        assert stage.text().isascii()
        assert "[* web-1]" in stage.text()
