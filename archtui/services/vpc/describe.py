"""Reading networks from ``aws ec2 describe-*``: VPCs, subnets, tables, gateways, addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    arn_name,
    block,
    flag,
    given,
    items,
    label,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json

ROUTE_TARGETS = {
    "NetworkInterfaceId": "network interface",
    "InstanceId": "instance",
    "NatGatewayId": "NAT gateway",
    "TransitGatewayId": "transit gateway",
    "VpcPeeringConnectionId": "VPC peering connection",
    "EgressOnlyInternetGatewayId": "egress-only internet gateway",
    "LocalGatewayId": "local gateway",
    "CarrierGatewayId": "carrier gateway",
    "CoreNetworkArn": "core network",
    "VpcEndpointId": "VPC endpoint",
    "GatewayId": "gateway",
}
"""What a route may name (EC2 API, ``Route``). A route to an instance names its interface too, which decides."""

GATEWAYS = {"igw": "internet gateway", "vgw": "virtual private gateway", "vpce": "VPC endpoint"}


def _owned(record: Record) -> int:
    """Prefer the owner's description of a thing that several accounts see."""
    return 1 if record.account and text(record.data, "OwnerId") == record.account else 0


class DescribesVpc(Describes):
    """``describe-vpcs``."""

    keys = ("Vpcs",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        cidr = block(need(data, "CidrBlock"))
        blocks = [
            block(text(item, "CidrBlock"))
            for item in items(data, "CidrBlockAssociationSet")
            if text(item, "CidrBlockState.State", "associated") == "associated"
        ]
        ipv6 = [
            block(text(item, "Ipv6CidrBlock"))
            for item in items(data, "Ipv6CidrBlockAssociationSet")
            if text(item, "Ipv6CidrBlockState.State", "associated") == "associated"
        ]
        tenancy = text(data, "InstanceTenancy")
        properties = {
            **label(data),
            **given(
                cidr=cidr,
                ipv6_cidr=ipv6[0] if ipv6 else None,
                ipv6_pool=_pool(data),
                region=record.region,
                account=text(data, "OwnerId") or record.account,
                default=flag(data, "IsDefault") or None,
                tenancy=tenancy if tenancy == "dedicated" else None,
            ),
        }
        secondary = [other for other in blocks if other != cidr]
        if secondary:
            properties["secondary_cidrs"] = listed(secondary)
        if ipv6[1:]:
            properties["secondary_ipv6_cidrs"] = listed(ipv6[1:])
        yield Described(need(data, "VpcId"), properties, weight=_owned(record))


def _pool(data: Data) -> str | None:
    """Return where a VPC's IPv6 blocks are from, None for Amazon's own (EC2 API, ``VpcIpv6CidrBlockAssociation``)."""
    for item in items(data, "Ipv6CidrBlockAssociationSet"):
        if text(item, "Ipv6AddressAttribute") == "private":
            return "private"
        if text(item, "IpSource") == "byoip" or text(item, "Ipv6Pool", "Amazon").startswith("ipv6pool-ec2"):
            return "byoip"
    return None


def _table_of_subnet(inventory: Inventory) -> dict[str, str]:
    return {
        text(association, "SubnetId"): text(record.data, "RouteTableId")
        for record in inventory.of("RouteTables")
        for association in items(record.data, "Associations")
        if text(association, "SubnetId")
        and text(association, "AssociationState.State", "associated") in {"associated", "associating"}
    }


def _acl_of_subnet(inventory: Inventory) -> dict[str, str]:
    return {
        text(association, "SubnetId"): text(record.data, "NetworkAclId")
        for record in inventory.of("NetworkAcls")
        for association in items(record.data, "Associations")
    }


class DescribesSubnet(Describes):
    """``describe-subnets``."""

    keys = ("Subnets",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "SubnetId")
        ipv6 = [
            block(text(item, "Ipv6CidrBlock"))
            for item in items(data, "Ipv6CidrBlockAssociationSet")
            if text(item, "Ipv6CidrBlockState.State", "associated") == "associated"
        ]
        native = flag(data, "Ipv6Native")
        if native and not ipv6:
            raise UnusableError("it has neither an IPv4 nor an IPv6 block")
        yield Described(
            name,
            {
                **label(data),
                **given(
                    vpc=need(data, "VpcId"),
                    az=need(data, "AvailabilityZone"),
                    cidr=ipv6[0] if native else block(need(data, "CidrBlock")),
                    ipv6_cidr=ipv6[0] if ipv6 and not native else None,
                    assign_ipv6=flag(data, "AssignIpv6AddressOnCreation") or None,
                    dns64=flag(data, "EnableDns64") or None,
                    route_table=inventory.part(_table_of_subnet).get(name),
                    nacl=inventory.part(_acl_of_subnet).get(name),
                    map_public_ip=flag(data, "MapPublicIpOnLaunch") or None,
                    default=flag(data, "DefaultForAz") or None,
                ),
            },
            weight=_owned(record),
        )


class DescribesRouteTable(Describes):
    """``describe-route-tables``; the VPC's own local routes are left to the VPC."""

    keys = ("RouteTables",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        vpc = need(data, "VpcId")
        routes: list[Json] = []
        outside: dict[str, str] = {}
        notes: list[str] = []
        for row in items(data, "Routes"):
            to = text(row, "DestinationCidrBlock") or text(row, "DestinationIpv6CidrBlock")
            to = block(to) if to else text(row, "DestinationPrefixListId")
            found = next((name for name in ROUTE_TARGETS if text(row, name)), "")
            via = text(row, found) if found else ""
            via = arn_name(via) if via.startswith("arn:") else via
            if not to:
                notes.append("a route without a destination is left out")
                continue
            if via == "local" and to in inventory.part(_blocks_of_vpc).get(vpc, set()):
                continue
            state = text(row, "State", "active")
            if not via:
                via = "blackhole"
            elif via != "local":
                outside[via] = GATEWAYS.get(via.split("-")[0], ROUTE_TARGETS[found])
            if "/" not in to:
                outside[to] = "prefix list"
            origin = "propagated" if text(row, "Origin") == "EnableVgwRoutePropagation" else None
            routes.append(
                given(to=to, via=via, origin=origin, state="blackhole" if state == "blackhole" else None),
            )
        associations = items(data, "Associations")
        gateways = [text(item, "GatewayId") for item in associations if text(item, "GatewayId")]
        notes += [f"its edge association with {other} is left out" for other in gateways[1:]]
        propagating = [text(item, "GatewayId") for item in items(data, "PropagatingVgws")]
        properties = {
            **label(data),
            **given(
                vpc=vpc,
                main=any(flag(item, "Main") for item in associations) or None,
                gateway=gateways[0] if gateways else None,
            ),
        }
        if routes:
            properties["routes"] = routes
        if propagating:
            properties["propagating"] = listed(propagating)
        yield Described(
            need(data, "RouteTableId"), properties, notes=tuple(notes), outside=outside, weight=_owned(record)
        )


def _blocks_of_vpc(inventory: Inventory) -> dict[str, set[str]]:
    blocks: dict[str, set[str]] = defaultdict(set)
    for record in inventory.of("Vpcs"):
        found = blocks[text(record.data, "VpcId")]
        found.update(
            text(item, name)
            for name, items_ in (
                ("CidrBlock", items(record.data, "CidrBlockAssociationSet")),
                ("Ipv6CidrBlock", items(record.data, "Ipv6CidrBlockAssociationSet")),
            )
            for item in items_
        )
        found.add(text(record.data, "CidrBlock"))
    return blocks


class DescribesInternetGateway(Describes):
    """``describe-internet-gateways``."""

    keys = ("InternetGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        attached = [
            text(item, "VpcId")
            for item in items(data, "Attachments")
            if text(item, "State", "available") in {"available", "attached"}
        ]
        vpc = attached[0] if attached else None
        yield Described(need(data, "InternetGatewayId"), {**label(data), **given(vpc=vpc)}, weight=_owned(record))


class DescribesEgressOnlyGateway(Describes):
    """``describe-egress-only-internet-gateways``."""

    keys = ("EgressOnlyInternetGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        attached = [
            text(item, "VpcId")
            for item in items(data, "Attachments")
            if text(item, "State", "attached") in {"available", "attached"}
        ]
        vpc = attached[0] if attached else None
        yield Described(need(data, "EgressOnlyInternetGatewayId"), {**label(data), **given(vpc=vpc)})


class DescribesNatGateway(Describes):
    """``describe-nat-gateways``; a deleted one stays in the output for about an hour."""

    keys = ("NatGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        addresses = items(data, "NatGatewayAddresses")
        first: Data = next((item for item in addresses if flag(item, "IsPrimary")), addresses[0] if addresses else {})
        state = text(data, "State", "available")
        private = text(data, "ConnectivityType") == "private"
        properties = {
            **label(data),
            **(
                self._regional(data)
                if text(data, "AvailabilityMode") == "regional"
                else {"subnet": need(data, "SubnetId")}
            ),
            **given(
                connectivity="private" if private else None,
                elastic_ip=text(first, "AllocationId"),
                private_ip=text(first, "PrivateIp"),
                public_ip=text(first, "PublicIp"),
                state=state if state != "available" else None,
            ),
        }
        further = [item for item in addresses if item != first]
        if "subnet" in properties and further:
            properties["secondary_private_ips"] = listed(text(item, "PrivateIp") for item in further)
            if not private:
                properties["secondary_elastic_ips"] = listed(text(item, "AllocationId") for item in further)
        elif "subnet" not in properties:
            for name in ("elastic_ip", "private_ip", "public_ip"):
                properties.pop(name, None)
        dead = state if state in {"deleted", "failed"} else ""
        yield Described(need(data, "NatGatewayId"), properties, dead=dead)

    @staticmethod
    def _regional(data: Data) -> dict[str, Json]:
        """Return where a regional one works: the zones are written where a person chose them, otherwise AWS does."""
        zones: dict[str, list[Json]] = {}
        for item in items(data, "NatGatewayAddresses"):
            zones.setdefault(text(item, "AvailabilityZone"), []).append(text(item, "AllocationId"))
        found: dict[str, Json] = {"availability_mode": "regional", "vpc": need(data, "VpcId")}
        if text(data, "AutoProvisionZones") == "disabled":
            listed_zones: list[Json] = [{"az": zone, "elastic_ips": known} for zone, known in zones.items() if zone]
            found["zones"] = listed_zones
        return found


class DescribesElasticIp(Describes):
    """``describe-addresses``; a NAT gateway names its address itself. The address of a deleted one that is
    still listed has been given back: nobody of the account answers there."""

    keys = ("Addresses", "NatGateways")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        if record.key == "NatGateways":
            yield from self._released(record)
            return
        data = record.data
        name = text(data, "AllocationId") or need(data, "PublicIp")
        holder = text(data, "NetworkInterfaceId") or text(data, "InstanceId")
        if name in inventory.part(_allocations_of_nat_gateways):
            holder = ""
        private_ip = text(data, "PrivateIpAddress") if holder else None
        yield Described(
            name,
            {
                **label(data),
                **given(
                    address=text(data, "PublicIp") or text(data, "CarrierIp"),
                    attached_to=holder,
                    private_ip=private_ip,
                    region=text(data, "NetworkBorderGroup") or record.region,
                ),
            },
        )

    @staticmethod
    def _released(record: Record) -> Iterator[Described]:
        if text(record.data, "State", "available") != "deleted":
            return
        for address in items(record.data, "NatGatewayAddresses"):
            public = text(address, "PublicIp")
            if public:
                properties = {"address": public, "released": True, **given(region=record.region)}
                yield Described(text(address, "AllocationId") or f"released-{public}", properties, weight=-1)


def _allocations_of_nat_gateways(inventory: Inventory) -> set[str]:
    return {
        text(address, "AllocationId")
        for record in inventory.of("NatGateways")
        for address in items(record.data, "NatGatewayAddresses")
        if text(record.data, "State", "available") not in {"deleted", "failed"}
    }


class DescribesPrefixList(Describes):
    """``describe-prefix-lists`` (with blocks) and ``describe-managed-prefix-lists`` (without)."""

    keys = ("PrefixLists",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "PrefixListId")
        known = inventory.part(_blocks_of_prefix_list).get(name)
        title = text(data, "PrefixListName")
        notes = () if known is not None else ("its blocks are not in the input; add 'describe-prefix-lists'",)
        aws = title.startswith("com.amazonaws.") or text(data, "OwnerId") == "AWS"
        yield Described(
            name,
            {
                **label(data),
                **given(
                    name=title,
                    cidrs=listed(block(cidr) for cidr in known or ()),
                    max_entries=number(data, "MaxEntries"),
                    address_family=text(data, "AddressFamily").lower() or None,
                    version=number(data, "Version"),
                    aws_managed=aws or None,
                    region=record.region,
                ),
            },
            notes=notes,
            weight=1 if "Cidrs" in data else 0,
        )


def _blocks_of_prefix_list(inventory: Inventory) -> dict[str, list[str]]:
    return {
        text(record.data, "PrefixListId"): texts(record.data, "Cidrs")
        for record in inventory.of("PrefixLists")
        if "Cidrs" in record.data
    }


class DescribesPeering(Describes):
    """``describe-vpc-peering-connections``; both accounts list the same connection."""

    keys = ("VpcPeeringConnections",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        status = text(data, "Status.Code", "active")
        status = {"initiating-request": "pending-acceptance", "provisioning": "pending-acceptance"}.get(status, status)
        requester, accepter = need(data, "RequesterVpcInfo.VpcId"), need(data, "AccepterVpcInfo.VpcId")
        dns = "PeeringOptions.AllowDnsResolutionFromRemoteVpc"
        yield Described(
            need(data, "VpcPeeringConnectionId"),
            {
                **label(data),
                **given(
                    requester=requester,
                    accepter=accepter,
                    status=status if status != "active" else None,
                    requester_dns=flag(data, f"RequesterVpcInfo.{dns}") or None,
                    accepter_dns=flag(data, f"AccepterVpcInfo.{dns}") or None,
                ),
            },
            dead=status if status in {"deleted", "expired", "rejected", "failed"} else "",
            outside={requester: "VPC", accepter: "VPC"},
            weight=1 if text(data, "Tags") or items(data, "Tags") else 0,
        )
