"""``archtui resilience``: fault trees of other tools, and designs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

TREE = """<opsa-mef><define-fault-tree name="pumps">
<define-gate name="no-water"><or><gate name="both"/><basic-event name="valve"/></or></define-gate>
<define-gate name="both"><and><basic-event name="pump-1"/><basic-event name="pump-2"/></and></define-gate>
</define-fault-tree><model-data>
<define-basic-event name="pump-1"><float value="0.01"/></define-basic-event>
<define-basic-event name="pump-2"><float value="0.02"/></define-basic-event>
<define-basic-event name="valve"><float value="1e-4"/></define-basic-event>
</model-data></opsa-mef>"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "pumps.xml"
    path.write_text(TREE)
    return path


def test_a_tree_as_json(archtui: Callable[..., Ran], tree: Path) -> None:
    (found,) = archtui("resilience", tree, "--format", "json").json["trees"]
    assert (found["name"], found["top_event"]) == ("pumps", "no-water")
    assert found["probability"] == pytest.approx(2e-4 + 1e-4 - 2e-8, rel=1e-12)
    assert (found["cut_set_count"], found["cut_sets_by_order"]) == (2, [0, 1, 1])
    assert [cut["events"] for cut in found["cut_sets"]] == [["pump-1", "pump-2"], ["valve"]]
    assert {item["event"] for item in found["importance"]} == {"pump-1", "pump-2", "valve"}
    assert {"event", "birnbaum", "fussell_vesely"} <= set(found["importance"][0])


def test_a_tree_as_text(archtui: Callable[..., Ran], tree: Path) -> None:
    ran = archtui("resilience", tree, "--order", "1")
    assert ran.status == 0
    assert "Minimal cut sets: 2: 1 of order 1, 1 of order 2" in ran.out
    assert "valve" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


@pytest.mark.parametrize("option", [("--remedies",), ("--between", "pump-1", "valve")])
def test_what_is_about_a_design_is_refused_of_a_tree(
    archtui: Callable[..., Ran], tree: Path, option: tuple[str, ...]
) -> None:
    ran = archtui("resilience", tree, *option)
    assert (ran.status, ran.out) == (2, "")
    assert "not about a fault tree" in ran.err


def test_what_is_wrong_with_a_tree_is_one_line_with_its_place(archtui: Callable[..., Ran], tree: Path) -> None:
    tree.write_text(TREE.replace('<gate name="both"/>', '<gate name="boths"/>'))
    ran = archtui("resilience", tree)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"{tree}:2:34: gate 'boths' is not defined; did you mean 'both'?\n"


SHOP = "blueprints/three-tier.yaml"


def test_a_design_as_json(archtui: Callable[..., Ran]) -> None:
    journeys = archtui("resilience", SHOP, "--format", "json").json["journeys"]
    shop = journeys[0]
    assert {
        *("name", "availability", "unavailability", "minutes_per_year", "spofs", "cut_sets", "importance"),
        "disruptions",
    } <= set(shop)
    assert shop["availability"] == pytest.approx(1 - shop["unavailability"])
    assert shop["minutes_per_year"] == pytest.approx(shop["unavailability"] * 525_960)
    assert "lb" in shop["spofs"]
    assert {row["type"] for row in shop["disruptions"]} == {"application", "instance", "az", "region", "control_plane"}
    assert {"type", "rto_s", "rpo_s", "meets"} <= set(shop["disruptions"][0])
    assert journeys[-1]["availability"] is None


def test_order_lists_every_short_cut_set(archtui: Callable[..., Ran]) -> None:
    shop = archtui("resilience", SHOP, "--order", "1", "--format", "json").json["journeys"][0]
    assert {cut["events"][0] for cut in shop["cut_sets"]} == set(shop["spofs"])
    assert len(shop["cut_sets"]) == shop["cut_sets_by_order"][1]


def test_a_design_as_text_names_its_assumptions(archtui: Callable[..., Ran]) -> None:
    ran = archtui("resilience", SHOP)
    assert "SLO 99.9 %: met" in ran.out
    assert "An SLA is a threshold for refunds" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_exported_trees_give_the_same_figures(archtui: Callable[..., Ran], tmp_path: Path) -> None:
    out = tmp_path / "shop.mef"
    assert archtui("export", SHOP, "--to", "openpsa", "-o", out).status == 0
    trees = archtui("resilience", out, "--format", "json").json["trees"]
    journeys = archtui("resilience", SHOP, "--format", "json").json["journeys"]
    assert [tree["probability"] for tree in trees] == pytest.approx(
        [j["unavailability"] for j in journeys if j["unavailability"] is not None], rel=1e-12
    )
    refused = archtui("export", SHOP, "--to", "openpsa", "-o", out)
    assert (refused.status, "exists already" in refused.err) == (2, True)
