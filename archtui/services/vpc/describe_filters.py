"""Reading filters and interfaces from ``aws ec2 describe-*``: security groups, NACLs, network interfaces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    block,
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

_ICMP = {"icmp", "icmpv6", "1", "58"}
IMPLICIT_DENY = 32767
"""The entry ``*`` of every network ACL (32768 for IPv6); it cannot be written or removed (EC2 API,
``NetworkAclEntry``)."""


def _ports(low: int | None, high: int | None) -> str | None:
    if low is None or low < 0 or (low, high) == (0, 65535):
        return None
    return str(low) if high in (None, low) else f"{low}-{high}"


def _traffic(protocol: str, low: int | None, high: int | None) -> dict[str, Json]:
    """Return protocol and ports; for ICMP AWS writes the type and code as ports, -1 for all."""
    if protocol == "-1":
        return {"protocol": "all"}
    if protocol in _ICMP:
        icmp_type = low if low is not None and low >= 0 else None
        icmp_code = high if high is not None and high >= 0 and icmp_type is not None else None
        return {"protocol": protocol, **given(icmp_type=icmp_type, icmp_code=icmp_code)}
    return {"protocol": protocol, **given(port=_ports(low, high))}


class DescribesSecurityGroup(Describes):
    """``describe-security-groups``; each peer of a permission becomes a rule of its own."""

    keys = ("SecurityGroups",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "GroupId")
        outside: dict[str, str] = {}
        notes: list[str] = []
        properties: dict[str, Json] = {
            **label(data),
            **given(
                vpc=need(data, "VpcId"),
                description=text(data, "Description"),
                default=text(data, "GroupName") == "default" or None,
            ),
        }
        if "label" not in properties and text(data, "GroupName"):
            properties["label"] = text(data, "GroupName")
        for key, field, end in (("IpPermissions", "ingress", "from"), ("IpPermissionsEgress", "egress", "to")):
            rules: list[Json] = []
            for permission in items(data, key):
                traffic = _traffic(
                    text(permission, "IpProtocol", "-1"), number(permission, "FromPort"), number(permission, "ToPort")
                )
                for peer, description in _peers(permission, name, outside, notes):
                    rules.append({**traffic, end: peer, **given(description=description)})
            if key in data:
                properties[field] = rules
        owner = text(data, "OwnerId")
        yield Described(name, properties, notes=tuple(notes), outside=outside, weight=int(owner == record.account))


def _peers(permission: Data, own: str, outside: dict[str, str], notes: list[str]) -> Iterator[tuple[str, str]]:
    for item in items(permission, "IpRanges"):
        yield block(need(item, "CidrIp")), text(item, "Description")
    for item in items(permission, "Ipv6Ranges"):
        yield block(need(item, "CidrIpv6")), text(item, "Description")
    for item in items(permission, "PrefixListIds"):
        peer = need(item, "PrefixListId")
        outside[peer] = "prefix list"
        yield peer, text(item, "Description")
    for item in items(permission, "UserIdGroupPairs"):
        peer = need(item, "GroupId")
        status = text(item, "PeeringStatus", "active")
        if status not in {"active", "provisioning"}:
            notes.append(f"a rule names {peer} over a {status} peering; it is stale and matches nothing")
            continue
        if peer != own:
            outside[peer] = "security group"
        yield "self" if peer == own else peer, text(item, "Description")


class DescribesNetworkAcl(Describes):
    """``describe-network-acls``; entries come in no order, the implicit deny is left out."""

    keys = ("NetworkAcls",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        properties: dict[str, Json] = {
            **label(data),
            **given(vpc=need(data, "VpcId"), default=flag(data, "IsDefault") or None),
        }
        entries = sorted(
            (item for item in items(data, "Entries") if (number(item, "RuleNumber") or 0) < IMPLICIT_DENY),
            key=lambda item: number(item, "RuleNumber") or 0,
        )
        for egress, field, end in ((False, "ingress", "from"), (True, "egress", "to")):
            properties[field] = [_entry(item, end) for item in entries if flag(item, "Egress") is egress]
        yield Described(need(data, "NetworkAclId"), properties, weight=int(text(data, "OwnerId") == record.account))


def _entry(item: Data, end: str) -> Json:
    protocol = text(item, "Protocol", "-1")
    if protocol in _ICMP:
        traffic = _traffic(protocol, number(item, "IcmpTypeCode.Type"), number(item, "IcmpTypeCode.Code"))
    else:
        traffic = _traffic(protocol, number(item, "PortRange.From"), number(item, "PortRange.To"))
    cidr = text(item, "CidrBlock") or need(item, "Ipv6CidrBlock")
    return {
        "rule": number(item, "RuleNumber"),
        "action": text(item, "RuleAction", "allow"),
        **traffic,
        end: block(cidr),
    }


_OWNER_ID = re.compile(r"\b(nat|tgw-attach|vpce|vpce-svc|i|fs|tgw)-[0-9a-zA-Z]+\b")
_BALANCER = re.compile(r"^ELB (?:app|net|gwy)/(.+)/([0-9a-f]+)$")


def owner_of(data: Data) -> str:
    """Return the id of what an interface belongs to: its instance, or what its description names.

    AWS says it in words only: ``Interface for NAT Gateway nat-...``, ``Network Interface for Transit
    Gateway Attachment tgw-attach-...``, ``VPC Endpoint Interface vpce-...``, ``ELB net/NAME/ID`` (EC2
    User Guide, 'Requester-managed network interfaces').
    """
    instance = text(data, "Attachment.InstanceId")
    if instance:
        return instance
    description = text(data, "Description")
    balancer = _BALANCER.match(description)
    if balancer:
        return f"{balancer[1]}-{balancer[2]}"
    requested = flag(data, "RequesterManaged") or text(data, "InterfaceType", "interface") != "interface"
    found = _OWNER_ID.search(description) if requested else None
    return found[0] if found else ""


_DATABASE = "RDSNetworkInterface"


def _databases(inventory: Inventory) -> Mapping[str, str]:
    """Return the database each interface belongs to.

    AWS does not say it. The primary's interface stands in its zone, in its subnet group, under its
    groups; where that fits one database and one interface alone, they belong together.
    """
    places: dict[tuple[str, str, frozenset[str]], list[str]] = defaultdict(list)
    for record in inventory.of("DBInstances"):
        groups = frozenset(text(item, "VpcSecurityGroupId") for item in items(record.data, "VpcSecurityGroups"))
        for subnet in items(record.data, "DBSubnetGroup.Subnets"):
            place = text(record.data, "AvailabilityZone"), text(subnet, "SubnetIdentifier"), groups
            places[place].append(text(record.data, "DBInstanceIdentifier"))
    fitting: dict[str, list[str]] = defaultdict(list)
    for record in inventory.of("NetworkInterfaces"):
        if text(record.data, "Description") == _DATABASE:
            groups = frozenset(text(item, "GroupId") for item in items(record.data, "Groups"))
            place = text(record.data, "AvailabilityZone"), text(record.data, "SubnetId"), groups
            if len(places[place]) == 1:
                fitting[places[place][0]].append(text(record.data, "NetworkInterfaceId"))
    return {interfaces[0]: database for database, interfaces in fitting.items() if len(interfaces) == 1}


class DescribesNetworkInterface(Describes):
    """``describe-network-interfaces``, and what ``describe-instances`` says where that is missing."""

    keys = ("NetworkInterfaces", "Instances")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        if record.key == "NetworkInterfaces":
            database = inventory.part(_databases).get(text(record.data, "NetworkInterfaceId"), "")
            yield self._interface(record.data, record.account, 2, database)
            return
        known = inventory.part(_described_interfaces)
        for data in items(record.data, "NetworkInterfaces"):
            if text(data, "NetworkInterfaceId") not in known:
                attachment = {**_mapping(data, "Attachment"), "InstanceId": text(record.data, "InstanceId")}
                yield self._interface({**data, "Attachment": attachment}, record.account, 1)

    def _interface(self, data: Data, account: str, weight: int, database: str = "") -> Described:
        addresses = items(data, "PrivateIpAddresses")
        addresses.sort(key=lambda item: not flag(item, "Primary"))
        ipv6 = [text(item, "Ipv6Address") for item in items(data, "Ipv6Addresses") if text(item, "Ipv6Address")]
        private = [need(item, "PrivateIpAddress") for item in addresses]
        if not private and (not ipv6 or "PrivateIpAddress" in data):
            private = [need(data, "PrivateIpAddress")]
        private += ipv6
        public = [(text(item, "PrivateIpAddress"), text(item, "Association.PublicIp")) for item in addresses]
        public = [pair for pair in public if pair[1]]
        primary = text(data, "Association.PublicIp") or next((ip for own, ip in public if own == private[0]), "")
        groups = [text(item, "GroupId") for item in items(data, "Groups") if text(item, "GroupId")]
        kind = text(data, "InterfaceType", "interface")
        status = text(data, "Status", "in-use")
        properties: dict[str, Json] = {
            **label(data),
            **given(
                subnet=need(data, "SubnetId"),
                private_ips=listed(private),
                public_ip=primary,
                source_dest_check=None if flag(data, "SourceDestCheck", True) else False,
                attached_to=owner_of(data) or database,
                device_index=number(data, "Attachment.DeviceIndex") or None,
                owner=text(data, "Description"),
                interface_type=kind if kind != "interface" else None,
                status=status if status != "in-use" else None,
            ),
            "security_groups": listed(groups),
        }
        further: dict[str, Json] = {own: ip for own, ip in public if own != private[0]}
        if further:
            properties["public_ips"] = further
        return Described(
            need(data, "NetworkInterfaceId"),
            properties,
            outside=dict.fromkeys(groups, "security group"),
            weight=weight + int(text(data, "OwnerId") == account),
        )


def _mapping(data: Data, name: str) -> dict[str, Json]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _described_interfaces(inventory: Inventory) -> set[str]:
    return {text(record.data, "NetworkInterfaceId") for record in inventory.of("NetworkInterfaces")}
