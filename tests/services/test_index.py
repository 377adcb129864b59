"""The index of kinds: current, complete, and enough to load only what a design uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

import archtui.services
from archtui.failure.interface import Fails
from archtui.formats.describe import Describes
from archtui.model.kinds import Registry
from archtui.network.interface import NetworkPart
from archtui.services import families, kinds_of, registry
from archtui.services.index import index_text, make_index, read_index
from archtui.trace.interface import Closures, HasName, Receives, Remedies
from archtui.world.expand import Expands, Starts

EAGER = Registry.of(kind for family in families() for kind in kinds_of(family))


def test_the_index_is_current() -> None:
    made = make_index((family, kinds_of(family)) for family in families())
    assert index_text(made) == index_text(read_index() or {}), "run .ci/docs"


@pytest.mark.parametrize(
    "interface", [Closures, Describes, Expands, Fails, HasName, NetworkPart, Receives, Remedies, Starts]
)
def test_it_finds_what_asking_every_kind_finds(interface: type) -> None:
    assert [kind.name for kind, _ in registry().with_behaviour(interface)] == [
        kind.name for kind, _ in EAGER.with_behaviour(interface)
    ]


def test_every_word_finds_the_same_kind() -> None:
    assert dict(registry().names) == dict(EAGER.names)
    assert [kind.name for kind in registry()] == [kind.name for kind in EAGER]


def test_a_folder_that_the_index_does_not_know_is_loaded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(read_index() or {})
    del known["sqs"]
    monkeypatch.setattr(archtui.services, "read_index", lambda: known)
    assert "sqs_queue" in registry.__wrapped__()


def test_a_design_loads_the_families_it_uses() -> None:
    code = """
import sys
from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.world.compiler import compile_world
text = "blueprint: B\\ncomponents: {v: {kind: vpc, cidr: 10.0.0.0/16}}\\n"
compile_world(loads(text, registry()).blueprint)
print(*sorted(name for name in sys.modules if name.startswith("archtui.services.") and name.count(".") == 2))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "archtui.services.vpc" in loaded
    assert not {"archtui.services.sqs", "archtui.services.s3", "archtui.services.direct_connect"} & set(loaded)
