"""The measured labs: real AWS configurations with probes that were answered by live AWS.

They lie outside the repository; a test that wants one skips, saying so, where the folder is absent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from archtui.formats.aws import ImportResult, import_aws
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World

TRUTH = Path(__file__).resolve().parents[2] / "shared" / "truth"
MEASURED = TRUTH / "aws-measured"
VERIFIER = TRUTH / "batfish"


@dataclass(frozen=True)
class Lab:
    """One configuration, imported and compiled."""

    name: str
    imported: ImportResult
    blueprint: Blueprint
    world: World

    @property
    def flows(self) -> list[dict[str, object]]:
        """The probes: ``{id, from, to, protocol, port}``."""
        lines = (MEASURED / self.name / "flows.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def answers(self) -> dict[str, bool]:
        """What AWS answered, by the probe's id."""
        found: dict[str, bool] = json.loads((MEASURED / self.name / "answers.json").read_text(encoding="utf-8"))
        return found


def lab_names() -> list[str]:
    """Return the names of the measured labs; none where the folder is absent."""
    return sorted(path.name for path in MEASURED.iterdir() if path.is_dir()) if MEASURED.is_dir() else []


def snapshot_names() -> list[str]:
    """Return the names of the verifier's configurations; none where the folder is absent."""
    folder = VERIFIER / "snapshots"
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


@cache
def load_folder(folder: Path) -> Lab:
    """Import and compile the describe output in ``folder``."""
    if not folder.is_dir():
        pytest.skip(f"the ground truth {folder.name} is not here")
    imported = import_aws(folder, registry())
    blueprint = Blueprint.build(imported.data, registry())
    return Lab(folder.name, imported, blueprint, compile_world(blueprint))


def load_lab(name: str) -> Lab:
    """Return measured lab ``name``; skips where it is absent."""
    return load_folder(MEASURED / name)


def load_snapshot(name: str) -> Lab:
    """Return the verifier's configuration ``name``; skips where it is absent."""
    return load_folder(VERIFIER / "snapshots" / name)
