"""EBS volumes: where they stand, what becomes of them, how they are read and connected."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.failure.interface import Fails, Situation
from archtui.formats.blueprint_file import loads
from archtui.model.component import Json
from archtui.model.connect import Refusal, connect
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import condition_for
from archtui.world.world import World
from tests.formats.aws.account import account, import_document
from tests.proves import proves


def world_of(disk: str) -> World:
    return compile_world(
        loads(
            f"""
blueprint: Disks
region: eu-west-1
components:
  box: {{kind: ec2, az: b}}
  far: {{kind: ec2, az: a}}
  disk: {{kind: ebs_volume{disk}}}
""",
            registry(),
        ).blueprint
    )


def test_a_volume_stands_where_its_instance_does() -> None:
    assert world_of(", attached_to: [box]").placement("disk").zones == ("eu-west-1b",)
    assert world_of(", az: a").placement("disk").zones == ("eu-west-1a",)


@proves(
    "A lost zone puts its volumes out of reach; only snapshots can be restored in another.",
    area="Storage",
    source="fact ebs-fail-az-01",
)
@pytest.mark.parametrize(
    ("backups", "said"), [("", "no snapshot to restore"), (", backups: true", "restores a snapshot")]
)
def test_a_volume_is_lost_with_its_zone(backups: str, said: str) -> None:
    world = world_of(f", attached_to: [box]{backups}")
    component = world.components["disk"]
    fails = component.kind.behaviour(Fails)
    assert fails is not None
    assert not fails.mechanisms(component, Situation(world, condition_for(world, ("az:eu-west-1a",))))
    (found,) = fails.mechanisms(component, Situation(world, condition_for(world, ("az:eu-west-1b",))))
    assert said in found.done
    assert not found.automatic


def test_a_volume_is_attached_to_one_instance_of_its_zone() -> None:
    world = world_of(", az: b")
    found = connect(world, "disk", "box")
    assert not isinstance(found, Refusal)
    refused = connect(world, "disk", "far")
    assert isinstance(refused, Refusal)
    taken = connect(world_of(", attached_to: [far]"), "disk", "box")
    assert isinstance(taken, Refusal)


def test_a_described_volume_knows_whether_its_instance_boots_from_it(tmp_path: Path) -> None:
    lists = account()
    volumes: list[Json] = [
        {
            "VolumeId": name,
            "AvailabilityZone": "eu-west-1a",
            "Size": 20,
            "VolumeType": "gp3",
            "Encrypted": True,
            "State": "in-use",
            "Attachments": [{"InstanceId": "i-1", "State": "attached", "DeleteOnTermination": name == "vol-1"}],
        }
        for name in ("vol-1", "vol-2")
    ]
    gone: Json = {"VolumeId": "vol-3", "AvailabilityZone": "eu-west-1a", "State": "deleting"}
    _, blueprint = import_document(tmp_path, {**lists, "Volumes": [*volumes, gone]})
    assert dict(blueprint.components["vol-2"].raw) == {
        "az": "eu-west-1a",
        "size": 20,
        "volume_type": "gp3",
        "encrypted": True,
        "attached_to": ["i-1"],
    }
    assert blueprint.components["vol-1"].raw["delete_on_termination"] is True
    assert "vol-3" not in blueprint.components
