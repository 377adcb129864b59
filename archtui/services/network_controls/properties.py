"""Properties of settings that watch over networks."""

from __future__ import annotations

from typing import Annotated, Literal

from archtui.model.fields import Part, Properties, Reference, Region

ExcludedRef = Annotated[str, Reference(("vpc", "subnet"), "uses")]
LoggedRef = Annotated[str, Reference(("vpc", "subnet", "network_interface"), "uses")]


class Exclusion(Part):
    """A VPC or subnet that may do more than the rest."""

    resource: ExcludedRef
    """The VPC or subnet."""
    allow: Literal["allow-bidirectional", "allow-egress"] = "allow-bidirectional"
    """What it may do: everything, or only open connections to the outside."""


class BlockPublicAccessProperties(Properties):
    """VPC Block Public Access of one account in one region."""

    mode: Literal["off", "block-bidirectional", "block-ingress"] = "block-bidirectional"
    """``block-bidirectional``: nothing passes internet gateways; ``block-ingress``: only what NAT gateways and
    egress-only internet gateways carry."""
    region: Region | None = None
    """The region; left out: the blueprint's."""
    account: str | None = None
    """The account; left out: the blueprint's."""
    exclusions: tuple[Exclusion, ...] = ()
    """VPCs and subnets that are exempt."""


class FlowLogsProperties(Properties):
    """A flow log: records of connections, without their contents."""

    resource: LoggedRef
    """What is logged: a VPC, a subnet, or one interface."""
    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    """Which records are kept."""
    destination: str = ""
    """Where they go: a bucket, a log group or a delivery stream."""
    interval: Literal[60, 600] = 600
    """Seconds over which packets are gathered into one record."""


__all__ = ["BlockPublicAccessProperties", "Exclusion", "FlowLogsProperties"]
