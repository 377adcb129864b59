"""The gallery: every journey comes out as stated, and no error is found that a blueprint does not mean to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.check.fixer import apply_fixes
from archtui.check.report import Report
from archtui.check.runner import check
from archtui.formats.gallery import UnknownGalleryEntryError, entries, entry, folder, gallery_text, load_gallery, names
from archtui.services import registry, rules
from archtui.world.compiler import compile_world

EXPECTED: dict[str, tuple[set[str], set[str]]] = {
    "global-site": (set(), set()),
    "containers": (set(), set()),
    "hybrid": (set(), set()),
    "image-pipeline": (set(), set()),
    "inspection": (set(), set()),
    "kubernetes": (set(), set()),
    "private-services": (set(), set()),
    "queue-workers": (set(), set()),
    "serverless-api": (set(), set()),
    "sketch": ({"ELB009", "GRA011", "RDS001"}, set()),
    "static-site": (set(), set()),
    "streaming-analytics": (set(), set()),
    "three-tier": (set(), set()),
    "three-tier-flaws": ({"ELB006", "ELB007", "NET002", "NET018", "RDS001", "SEC003", "SEC007"}, {"GRA002", "GRA003"}),
    "two-regions": (set(), set()),
    "wordpress-1-one-box": ({"GRA002"}, {"GRA003", "GRA006"}),
    "wordpress-2-database": ({"GRA002", "RDS001"}, {"GRA003"}),
    "wordpress-3-shared-files": ({"GRA002", "RDS001"}, {"GRA003"}),
    "wordpress-4-scaling": ({"GRA002", "RDS001"}, {"GRA003"}),
    "wordpress-5-multi-az": (set(), set()),
}
"""The errors that each blueprint is there to show (a sketch's gaps, planted flaws, single points of failure), and
those that may come with them."""


MEANT_TO_FAIL = {
    "sketch": ["A customer opens the shop"],
    "three-tier-flaws": ["A customer opens the shop", "The other server does too"],
}
"""Journeys that do not hold as the blueprint stands: its comments say so, and what to do about it."""


def report(name: str) -> Report:
    return check(compile_world(load_gallery(name, registry()).blueprint), rules())


def test_the_gallery_holds_what_it_should() -> None:
    assert set(names()) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_journeys_and_errors_are_as_stated(name: str) -> None:
    found = report(name)
    assert found.journeys, "every blueprint of the gallery says what it is for"
    assert [journey.name for journey in found.journeys if not journey.holds] == MEANT_TO_FAIL.get(name, [])
    shown, allowed = EXPECTED[name]
    errors = {finding.rule for finding in found.findings if finding.severity == "error"}
    assert shown <= errors
    assert errors <= shown | allowed


CLEAN = [
    "containers",
    "global-site",
    "hybrid",
    "image-pipeline",
    "inspection",
    "private-services",
    "serverless-api",
    "static-site",
    "three-tier",
    "two-regions",
    "wordpress-5-multi-az",
]


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_meant_to_be_right_has_no_warning_either(name: str) -> None:
    assert [finding.message for finding in report(name).findings if finding.severity != "info"] == []


@pytest.mark.parametrize("name", sorted(MEANT_TO_FAIL))
def test_the_fixes_make_what_is_meant_to_fail_hold(name: str) -> None:
    mended = apply_fixes(compile_world(load_gallery(name, registry()).blueprint), rules()).report
    assert [journey.name for journey in mended.journeys if not journey.holds] == []


def test_some_journeys_reach_and_some_are_blocked_everywhere() -> None:
    for name in names():
        journeys = load_gallery(name, registry()).blueprint.journeys
        assert {journey.blocked for journey in journeys} == {True, False}, name


def test_stages_grow_one_out_of_the_other() -> None:
    stages = [name for name in names() if name.startswith("wordpress-")]
    errors = [sum(f.severity == "error" for f in report(name).findings) for name in stages]
    assert len(stages) == 5
    assert errors[-1] == 0 < errors[0]


def test_an_entry_tells_kinds_and_journeys() -> None:
    shown = entry("sketch", registry()).to_json()
    assert shown["kinds"] == ["application_load_balancer", "db_instance", "ec2_instance", "hosted_zone"]
    assert shown["title"] == "The sketch"
    assert [one.name for one in entries()] == list(names())


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownGalleryEntryError, match="did you mean 'three-tier'"):
        gallery_text("three-teir")


def test_an_installed_package_brings_its_gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "archtui" / "formats" / "gallery_folder.py"
    monkeypatch.setattr("archtui.formats.gallery_folder.__file__", str(module))
    assert folder() == tmp_path / "blueprints"
    (tmp_path / "archtui" / "gallery").mkdir(parents=True)
    assert folder() == tmp_path / "archtui" / "gallery"
