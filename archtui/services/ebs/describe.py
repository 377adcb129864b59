"""Reading volumes from ``aws ec2 describe-volumes``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    flag,
    given,
    items,
    label,
    listed,
    need,
    number,
    text,
)
from archtui.model.component import Json


class DescribesVolume(Describes):
    """``describe-volumes``; which one an instance boots from stands with the instance."""

    keys = ("Volumes",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "VolumeId")
        attached = [item for item in items(data, "Attachments") if text(item, "State", "attached") == "attached"]
        machines = [text(item, "InstanceId") for item in attached if text(item, "InstanceId")]
        properties: dict[str, Json] = {
            **label(data),
            **given(
                az=text(data, "AvailabilityZone"),
                size=number(data, "Size"),
                volume_type=text(data, "VolumeType"),
                boot=True if self._boots(name, machines, inventory) else None,
                multi_attach=True if flag(data, "MultiAttachEnabled") else None,
                encrypted=True if flag(data, "Encrypted") else None,
                delete_on_termination=True if any(flag(item, "DeleteOnTermination") for item in attached) else None,
            ),
        }
        if machines:
            properties["attached_to"] = listed(machines)
        state = text(data, "State", "in-use")
        dead = state if state in {"deleting", "deleted"} else ""
        yield Described(name, properties, dead=dead, outside=dict.fromkeys(machines, "instance"))

    @staticmethod
    def _boots(name: str, machines: list[str], inventory: Inventory) -> bool:
        for record in inventory.of("Instances"):
            if text(record.data, "InstanceId") in machines:
                root = text(record.data, "RootDeviceName")
                for mapping in items(record.data, "BlockDeviceMappings"):
                    if text(mapping, "Ebs.VolumeId") == name and text(mapping, "DeviceName") == root:
                        return True
        return False
