"""The failures panel: scrubbing the timeline, its tabs, applying a remedy."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import flying
from tests.tui.test_main import choose

THREE_TIER = Path(__file__).resolve().parents[2] / "blueprints" / "three-tier.yaml"


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
