"""The failures panel: scrubbing the timeline, its tabs, applying a remedy."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from archtui.tui.panels.outlook import times_text
from tests.tui.driving import flying
from tests.tui.test_main import choose

THREE_TIER = Path(__file__).resolve().parents[2] / "blueprints" / "three-tier.yaml"


@pytest.mark.parametrize(("factor", "text"), [(8.8412, "8.84"), (155.0, "155"), (1547.7, "1,548")])
def test_a_large_factor_is_written_out(factor: float, text: str) -> None:
    assert times_text(factor) == text


async def test_the_timeline_is_scrubbed_and_traced_at_a_moment() -> None:
    async with flying(str(THREE_TIER)) as driver:
        await driver.press("F")
        await choose(driver, "az:eu-west-1a")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        await driver.press("l")
        assert panel.moment == 0
        assert driver.main.canvas._badges["db"].word == "down"
        for _ in panel.moments:
            await driver.press("l")
        assert panel.moment == panel.moments[-1]
        assert driver.main.canvas._badges["db"].word == "healthy"
        assert driver.main.canvas._badges["web-1"].word == "down"
        await driver.press("h")
        assert panel.moment == panel.moments[-2]
        await driver.press("enter")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        assert f"t+{panel.moments[-2]:g} s" in driver.main.analysis.title


async def test_targets_with_times_can_be_typed() -> None:
    async with flying(str(THREE_TIER)) as driver:
        await driver.press("F")
        await choose(driver, "db@30..600")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        assert panel.report is not None
        assert panel.report.targets == ("db@30..600",)
        assert 600 in panel.moments


async def test_without_a_failure_there_is_nothing_to_scrub_or_apply() -> None:
    async with flying(str(THREE_TIER)) as driver:
        await driver.press("5", "l")
        assert driver.main.failures_panel.moment is None
        await driver.press("a")
        assert not driver.main.workspace.dirty


async def test_tabs_show_cut_sets_importance_and_remedies_and_a_remedy_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "single.yaml"
    path.write_text(THREE_TIER.read_text(encoding="utf-8").replace("    multi_az: true\n", ""), encoding="utf-8")
    async with flying(str(path)) as driver:
        panel = driver.main.failures_panel
        await driver.press("5", "]")
        await driver.until(lambda: panel.found is not None, "figures and remedies")
        assert any("db" in row.text.plain for row in panel.list.rows)
        await driver.press("]")
        assert isinstance(panel.list.current.value if panel.list.current else None, str)
        await driver.press("]")
        rows = [row.text.plain for row in panel.list.rows]
        place = next(index for index, row in enumerate(rows) if "Multi-AZ" in row)
        while panel.list.cursor < place:
            await driver.press("j")
        assert panel.proposal is not None
        await driver.press("a")
        await driver.settled()
        assert driver.main.workspace.blueprint.components["db"].raw["multi_az"] is True
        assert panel.found is None
        await driver.press("[")
        assert panel.tab == 2


async def test_first_and_last_moment_and_arrows_scrub() -> None:
    async with flying(str(THREE_TIER)) as driver:
        await driver.press("F")
        await choose(driver, "az:eu-west-1a")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        await driver.press("dollar_sign")
        assert panel.moment == panel.moments[-1]
        await driver.press("left")
        assert panel.moment == panel.moments[-2]
        await driver.press("0")
        assert panel.moment == 0
        await driver.press("right")
        assert panel.moment == panel.moments[1]
        assert "t+60 s" in panel.title_line
        assert "web finds web-1 unhealthy" in driver.text()


async def test_the_selected_component_is_offered_with_all_that_may_befall_it() -> None:
    async with flying(str(THREE_TIER)) as driver:
        driver.main.go.select("db")
        await driver.press("F")
        await driver.until(lambda: "db fails" in driver.text(), "the list of failures")
        shown = driver.text()
        assert "db answers 2 s later" in shown
        assert "What db has in eu-west-1b fails" in shown
        assert "throttled" not in shown
        await driver.type("later")
        await driver.press("enter")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        assert panel.report is not None
        assert panel.report.targets == ("slow:db=2s",)
        assert "◐ +2 s" in driver.text()
        assert driver.main.canvas._badges["db"].word == "degraded"


async def test_what_comes_back_nobody_knows_when_has_a_moment_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "cache.yaml"
    text = THREE_TIER.read_text(encoding="utf-8")
    cache = (
        "  cache: {kind: elasticache_cluster, replicas: 1, automatic_failover: true, multi_az: true,"
        " subnets: [data-a, data-b], security_groups: [db-sg], port: 5432}\n"
    )
    text = text.replace("\nlinks:\n", f"\n{cache}\nlinks:\n  - {{from: web-2, to: cache, port: 5432}}\n")
    path.write_text(text, encoding="utf-8")
    async with flying(str(path)) as driver:
        await driver.press("F")
        await choose(driver, "cache/eu-west-1a")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        await driver.press("dollar_sign")
        assert panel.moment == math.inf
        assert "in the end" in panel.title_line
        assert "not known" in driver.text() or "✓ 100 %" in driver.text()
        await driver.press("enter")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        assert "in the end" in driver.main.analysis.title
        assert str(driver.main.trace_panel.trace.verdict) == "reachable"  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_journey_is_seen_with_glyph_word_and_bars_at_every_size(size: tuple[int, int]) -> None:
    async with flying(str(THREE_TIER), size) as driver:
        await driver.press("F")
        await choose(driver, "az:eu-west-1a")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        await driver.still()
        shown = driver.text()
        for part in ("A customer opens the", "✓ up", "✗ down", "60-120 s", "for good", "██████████"):
            assert part in shown


async def test_contradictions_are_not_taken_as_targets() -> None:
    async with flying(str(THREE_TIER)) as driver:
        await driver.press("F")
        await driver.type("db slow:db=2s")
        await driver.press("enter")
        await driver.pilot.pause()
        assert driver.main.failures_panel.report is None
