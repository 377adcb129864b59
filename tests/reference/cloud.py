"""The design as plain records, read from the blueprint's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

Body = Mapping[str, Any]
PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17}


@dataclass(frozen=True)
class Interface:
    """One network interface."""

    name: str
    machine: str
    role: str
    """``host``, ``nat_instance``, ``nat_gateway`` or ``balancer``."""
    subnet: str
    vpc: str
    addresses: tuple[IPv4Address, ...]
    publics: Mapping[IPv4Address, IPv4Address]
    """Private to public."""
    groups: tuple[str, ...] | None
    """None: no security group filters here."""
    checks: bool
    running: bool


@dataclass
class Cloud:
    """A blueprint's components by what they are."""

    parts: Mapping[str, Body]
    region: str
    interfaces: dict[str, Interface] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, body in self.parts.items():
            add = _MAKERS.get(body["kind"])
            if add is not None:
                add(self, name, body)

    # -- lookups ----------------------------------------------------------------------------------

    def of(self, kind: str) -> dict[str, Body]:
        """Return the components of a kind."""
        return {name: body for name, body in self.parts.items() if body["kind"] == kind}

    def blocks(self, vpc: str) -> list[IPv4Network]:
        """Return a VPC's blocks."""
        body = self.parts[vpc]
        return [IPv4Network(text) for text in (body["cidr"], *body.get("secondary_cidrs", ()))]

    def in_vpc(self, vpc: str, address: IPv4Address) -> bool:
        """Whether an address is in a VPC's blocks."""
        return any(address in block for block in self.blocks(vpc))

    def region_of(self, vpc: str) -> str:
        """Return the region of a VPC or transit gateway."""
        return str(self.parts[vpc].get("region", self.region))

    def zone_of(self, subnet: str) -> str:
        """Return the full name of a subnet's zone."""
        body = self.parts[subnet]
        return self.region_of(body["vpc"]) + str(body["az"])

    def subnet_block(self, subnet: str) -> IPv4Network:
        """Return a subnet's block."""
        return IPv4Network(self.parts[subnet]["cidr"])

    def at(self, vpc: str, address: IPv4Address) -> Interface | None:
        """Return the interface of a VPC that has a private address."""
        return next((i for i in self.interfaces.values() if i.vpc == vpc and address in i.addresses), None)

    def with_public(self, address: IPv4Address) -> tuple[Interface, IPv4Address] | None:
        """Return the interface behind a public address, with the private address it stands for."""
        for interface in self.interfaces.values():
            for private, public in interface.publics.items():
                if public == address:
                    return interface, private
        return None

    def idle(self) -> list[IPv4Address]:
        """Return the Elastic IPs of the design; called where no working interface has the address."""
        return [IPv4Address(body["address"]) for body in self.of("elastic_ip").values()]

    def networks(self, written: str) -> list[IPv4Network]:
        """Return the blocks of a CIDR or of a prefix list."""
        if written == "any":
            return [IPv4Network("0.0.0.0/0")]
        if "/" in written:
            return [IPv4Network(written)]
        return [IPv4Network(text) for text in self.parts[written]["cidrs"]]

    def internet_gateway(self, vpc: str) -> str | None:
        """Return the internet gateway attached to a VPC."""
        return next((name for name, body in self.of("internet_gateway").items() if body.get("vpc") == vpc), None)

    def peering_works(self, name: str) -> bool:
        """Whether a peering is active; AWS lets one of overlapping VPCs fail (VPC Peering Guide, 'Limitations')."""
        body = self.parts[name]
        overlap = any(a.overlaps(b) for a in self.blocks(body["requester"]) for b in self.blocks(body["accepter"]))
        return body.get("status", "active") == "active" and not overlap

    def peered(self, vpc: str, other: str) -> bool:
        """Whether an active peering joins two VPCs of one region."""
        return self.region_of(vpc) == self.region_of(other) and any(
            {body["requester"], body["accepter"]} == {vpc, other} and self.peering_works(name)
            for name, body in self.of("vpc_peering_connection").items()
        )


def _address(body: Body, key: str = "private_ip") -> tuple[IPv4Address, ...]:
    return (IPv4Address(body[key]),)


def _instance(cloud: Cloud, name: str, body: Body) -> None:
    if "subnet" not in body:
        return
    own = _address(body)
    public = {own[0]: IPv4Address(body["public_ip"])} if body.get("public_ip") else {}
    cloud.interfaces[name] = Interface(
        name,
        name,
        "nat_instance" if body.get("runs") == "nat" else "host",
        body["subnet"],
        cloud.parts[body["subnet"]]["vpc"],
        own,
        public,
        tuple(body["security_groups"]),
        body.get("source_dest_check", True),
        body.get("state", "running") == "running",
    )


def _interface(cloud: Cloud, name: str, body: Body) -> None:
    own = tuple(IPv4Address(text) for text in body["private_ips"])
    publics = {own[0]: IPv4Address(body["public_ip"])} if body.get("public_ip") else {}
    publics |= {IPv4Address(a): IPv4Address(b) for a, b in body.get("public_ips", {}).items()}
    owner = cloud.parts[body["attached_to"]]
    cloud.interfaces[name] = Interface(
        name,
        body["attached_to"],
        "host",
        body["subnet"],
        cloud.parts[body["subnet"]]["vpc"],
        own,
        publics,
        tuple(body["security_groups"]),
        body.get("source_dest_check", True),
        owner.get("state", "running") == "running",
    )


def _nat_gateway(cloud: Cloud, name: str, body: Body) -> None:
    own = _address(body)
    elastic = cloud.parts.get(body.get("elastic_ip", ""))
    public = {own[0]: IPv4Address(elastic["address"])} if elastic else {}
    vpc = cloud.parts[body["subnet"]]["vpc"]
    if body.get("state", "available") == "available":
        cloud.interfaces[name] = Interface(
            name, name, "nat_gateway", body["subnet"], vpc, own, public, None, False, True
        )


def _balancer(cloud: Cloud, name: str, body: Body) -> None:
    groups = tuple(body.get("security_groups", ())) or None
    for index, subnet in enumerate(body["subnets"]):
        own = (IPv4Address(body["private_ips"][index]),)
        elastic = body.get("elastic_ips", ())
        public = {own[0]: IPv4Address(cloud.parts[elastic[index]]["address"])} if elastic else {}
        node = f"{name}:{subnet}"
        cloud.interfaces[node] = Interface(
            node, node, "balancer", subnet, cloud.parts[subnet]["vpc"], own, public, groups, False, True
        )


_MAKERS = {
    "ec2": _instance,
    "network_interface": _interface,
    "nat_gateway": _nat_gateway,
    "network_load_balancer": _balancer,
}
