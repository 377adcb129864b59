"""Properties of EBS volumes, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Properties, Reference, Zone
from archtui.services.permissions import KeyRef

VolumeType = Literal["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"]


class EbsVolumeProperties(Properties):
    """A disk that instances of its zone reach over the network."""

    az: Zone | None = None
    """Its zone; left out: that of the first instance it is attached to."""
    size: Annotated[int, Field(ge=1, le=65536)] = 8
    """GB."""
    volume_type: VolumeType = "gp3"
    """Its type; gp3 by console."""
    attached_to: tuple[Annotated[str, Reference(("ec2_instance",), "uses")], ...] = ()
    """The instances it is attached to."""
    boot: bool = False
    """Whether an instance boots from it."""
    multi_attach: bool = False
    """Whether several instances may have it at once (io1 and io2)."""
    encrypted: bool = False
    """Whether it is encrypted; AWS encrypts by default where the account says so."""
    kms_key: KeyRef | None = None
    """The key that encrypts it; left out: AWS's own for EBS."""
    backups: bool = False
    """Whether a lifecycle policy or a backup plan takes snapshots of it."""
    delete_on_termination: bool = False
    """Whether it goes with its instance; AWS sets it for boot volumes."""


__all__ = ["EbsVolumeProperties", "VolumeType"]
