"""The same question has the same answer, byte for byte, whatever the order of Python's sets."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

ASK = """
import sys
from archtui.cli.main import main
from archtui.formats.gallery import folder, load_gallery, names
from archtui.services import registry

for name in names():
    path = str(folder() / f"{name}.yaml")
    blueprint = load_gallery(name, registry()).blueprint
    zone = blueprint.region + "a"
    [journey, *_] = [journey for journey in blueprint.journeys if journey.request] or [None]
    target = journey.request.split()[-1] if journey else "db"
    for words in (
        ["check", path],
        ["trace", path, "--from", "internet", "--to", target],
        ["trace", path, "--from", "internet", "--to", target, "--down", f"az:{zone}", "--at", "5"],
        ["fail", path, "--down", f"az:{zone}"],
    ):
        main([*words, "--format", "json"])
"""


def answers(seed: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert done.stdout.count(b'"journeys"') > 10, done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", ["2", "3"])
def test_the_seed_of_hashes_changes_no_answer(seed: str) -> None:
    assert answers(seed) == answers("1")
