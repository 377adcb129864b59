"""The reference types that several families share: a property of one of these types is an edge."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from archtui.model.fields import Reference, canonical_cidr


def _block_or_id(value: str) -> str:
    """Check what is written as an address block; everything else is the id of a component."""
    return canonical_cidr(value) if "/" in value else value


VpcIn = Annotated[str, Reference(("vpc",), "in")]
SubnetIn = Annotated[str, Reference(("subnet",), "in")]
RouteTableRef = Annotated[str, Reference(("route_table",), "uses")]
NetworkAclRef = Annotated[str, Reference(("network_acl",), "uses")]
SecurityGroupRef = Annotated[str, Reference(("security_group",), "uses")]
ElasticIpRef = Annotated[str, Reference(("elastic_ip",), "uses")]
InterfaceRef = Annotated[str, Reference(("network_interface",), "uses")]
TargetGroupTarget = Annotated[str, Reference(("target_group",), "targets")]
CertificateRef = Annotated[str, Reference(("certificate",), "uses")]
LaunchTemplateRef = Annotated[str, Reference(("launch_template",), "uses")]
HealthCheckRef = Annotated[str, Reference(("health_check",), "uses")]
ZoneIn = Annotated[str, Reference(("hosted_zone",), "in")]
RuleSource = Annotated[
    str,
    Reference(("security_group", "prefix_list"), "uses", literal=("self", "any"), pattern=r".*/\d+"),
    AfterValidator(_block_or_id),
]
"""A CIDR block, ``self``, ``any`` (0.0.0.0/0 and ::/0), a security group or a prefix list."""
RouteDestination = Annotated[str, Reference(("prefix_list",), "uses", pattern=r".*/\d+"), AfterValidator(_block_or_id)]
"""A CIDR block or a prefix list."""
