"""What a first user stumbles over: fixes where a trace is blocked, texts that fit, keys that are shown."""

from __future__ import annotations

from pathlib import Path

from .driving import THREE_TIER, flying


def wrong_port(folder: Path) -> str:
    """A copy of the reference design whose servers let the balancer in on a port they do not listen on."""
    text = Path(THREE_TIER).read_text(encoding="utf-8")
    wrong = text.replace("{port: 8080, from: lb-sg", "{port: 9090, from: lb-sg")
    assert wrong != text
    path = folder / "wrong-port.yaml"
    path.write_text(wrong, encoding="utf-8")
    return str(path)


async def test_a_blocked_trace_offers_its_fix_and_one_undo_takes_it_back(tmp_path: Path) -> None:
    async with flying(wrong_port(tmp_path)) as driver:
        before = driver.main.workspace.blueprint
        await driver.press("t", "enter", "a")
        await driver.until(lambda: "Apply a fix" in driver.text(), "the fixes")
        assert "let tcp 8080 into web-sg from lb-sg" in driver.text()
        await driver.press("enter")
        await driver.settled()
        assert "5 journeys hold" in driver.top_line
        await driver.press("u")
        await driver.settled()
        assert driver.main.workspace.blueprint == before


async def test_the_way_to_the_help_and_the_journeys_state_fit_in_a_small_terminal(tmp_path: Path) -> None:
    async with flying(wrong_port(tmp_path), (80, 24)) as driver:
        first, last = driver.text().splitlines()[0], driver.text().splitlines()[-1]
        assert "1 of 5 journeys fail" in first
        assert "CANVAS" in first
        assert last.endswith("?  help")
        await driver.press("t", "enter")
        await driver.still()
        assert driver.text().splitlines()[-1].endswith("a  fix  e  edit rule  ?  help")
