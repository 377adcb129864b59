"""What networks connect to: subnets, route tables, gateways, peerings, filters, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import Edit, add_component, append_to, join, set_property
from archtui.services.inspection.connect import SUBNET as INSPECTED
from archtui.services.lookups import as_kind, each, overlap, route_table_of
from archtui.services.vpc.edits import DEFAULT_6, route_out
from archtui.services.vpc.properties import (
    EgressOnlyInternetGatewayProperties,
    ElasticIpProperties,
    InternetGatewayProperties,
    NatGatewayProperties,
    NetworkAclProperties,
    RouteTableProperties,
    SecurityGroupProperties,
    SubnetProperties,
    VpcPeeringConnectionProperties,
    VpcProperties,
)
from archtui.services.wiring import RefusedError, Wiring, never, way


def _same_vpc(wiring: Wiring, a: Component, b: Component) -> None:
    one, other = wiring.vpc(a.id), wiring.vpc(b.id)
    if one != other and one is not None and other is not None:
        raise RefusedError(
            f"{a.id} is in {one} and {b.id} in {other}.", "Use one of the same VPC, or connect the two VPCs."
        )


def _subnet_out(wiring: Wiring, subnet: Component, target: str, stem: str) -> None:
    table = route_table_of(wiring.world, subnet.id)
    rows = table.properties.routes if table and isinstance(table.properties, RouteTableProperties) else ()
    if any(row.to == "0.0.0.0/0" and row.via == target for row in rows):
        return
    edit = route_out(wiring.world, [subnet.id], target, stem)
    wiring.do(edit, f"{subnet.id} sends what leaves for the internet to {target}")


def _subnet_to_nat(wiring: Wiring, subnet: Component, nat: Component) -> str:
    properties = as_kind(wiring.world, nat.id, NatGatewayProperties)
    if properties is not None and properties.subnet == subnet.id:
        raise RefusedError(
            f"{nat.id} stands in {subnet.id} itself; its own packets would come back to it.",
            f"Keep {subnet.id} public and connect the private subnets to {nat.id}.",
        )
    _same_vpc(wiring, subnet, nat)
    _subnet_out(wiring, subnet, nat.id, f"{subnet.id}-routes")
    if properties is not None and properties.connectivity == "public" and properties.subnet:
        wiring.public_subnets([properties.subnet])
        if not properties.elastic_ip and not properties.public_ip:
            _give_address(wiring, nat.id)
    return f"{subnet.id} goes out by {nat.id}"


def _give_address(wiring: Wiring, nat: str) -> None:
    name = wiring.unused(f"{nat}-eip")
    edits = (add_component(name, "elastic_ip"), set_property(nat, ("elastic_ip",), name))
    wiring.do(join("", edits), f"{nat} gets the Elastic IP {name}")


def _subnet_to_gateway(wiring: Wiring, subnet: Component, gateway: Component) -> str:
    _attach(wiring, gateway, wiring.vpc(subnet.id))
    _subnet_out(wiring, subnet, gateway.id, f"{subnet.id}-routes")
    return f"{subnet.id} goes out by {gateway.id}"


def _attach(wiring: Wiring, gateway: Component, vpc: str | None) -> None:
    properties = gateway.properties
    if not isinstance(properties, InternetGatewayProperties | EgressOnlyInternetGatewayProperties) or vpc is None:
        raise RefusedError(f"{gateway.id} cannot be attached.")
    if properties.vpc is None:
        for other, found in each(wiring.world, type(properties)):
            if found.vpc == vpc:
                title = gateway.kind.title.lower()
                raise RefusedError(f"{vpc} has the {title} {other.id}; a VPC has one.", f"Use {other.id}.")
        wiring.do(set_property(gateway.id, ("vpc",), vpc), f"{gateway.id} is attached to {vpc}")
    elif properties.vpc != vpc:
        raise RefusedError(
            f"{gateway.id} is attached to {properties.vpc}; a gateway serves one VPC.", f"Use a gateway of {vpc}."
        )


def _needs_ipv6(wiring: Wiring, vpc: str | None) -> None:
    properties = as_kind(wiring.world, vpc, VpcProperties)
    if properties is not None and not properties.ipv6_cidr and not properties.secondary_ipv6_cidrs:
        raise RefusedError(
            f"{vpc} has no IPv6 block; an egress-only internet gateway carries IPv6 alone.",
            f"Give {vpc} an ipv6_cidr, or use a NAT gateway for IPv4.",
        )


def _subnet_to_egress(wiring: Wiring, subnet: Component, gateway: Component) -> str:
    vpc = wiring.vpc(subnet.id)
    _needs_ipv6(wiring, vpc)
    _attach(wiring, gateway, vpc)
    table = route_table_of(wiring.world, subnet.id)
    rows = table.properties.routes if table and isinstance(table.properties, RouteTableProperties) else ()
    if not any(row.to == DEFAULT_6 and row.via == gateway.id for row in rows):
        edit = route_out(wiring.world, [subnet.id], gateway.id, f"{subnet.id}-routes", DEFAULT_6)
        wiring.do(edit, f"{subnet.id} sends what leaves over IPv6 to {gateway.id}")
    return f"{subnet.id} goes out over IPv6 by {gateway.id}"


def _table_to_egress(wiring: Wiring, table: Component, gateway: Component) -> str:
    _needs_ipv6(wiring, wiring.vpc(table.id))
    _attach(wiring, gateway, wiring.vpc(table.id))
    _default_route(wiring, table, gateway, DEFAULT_6)
    return f"{table.id} leads to {gateway.id}"


def _egress_to_vpc(wiring: Wiring, gateway: Component, vpc: Component) -> str:
    _needs_ipv6(wiring, vpc.id)
    return _gateway_to_vpc(wiring, gateway, vpc)


def _gateway_to_vpc(wiring: Wiring, gateway: Component, vpc: Component) -> str:
    _attach(wiring, gateway, vpc.id)
    return f"attach {gateway.id} to {vpc.id}"


def _table_to_subnet(wiring: Wiring, table: Component, subnet: Component) -> str:
    _same_vpc(wiring, table, subnet)
    if wiring.raw(subnet.id, "route_table") != table.id:
        wiring.do(set_property(subnet.id, ("route_table",), table.id), f"{subnet.id} uses the route table {table.id}")
    return f"{subnet.id} uses {table.id}"


def _subnet_to_table(wiring: Wiring, subnet: Component, table: Component) -> str:
    return _table_to_subnet(wiring, table, subnet)


def _table_to_exit(wiring: Wiring, table: Component, exit_: Component) -> str:
    if as_kind(wiring.world, exit_.id, InternetGatewayProperties):
        _attach(wiring, exit_, wiring.vpc(table.id))
    else:
        _same_vpc(wiring, table, exit_)
    _default_route(wiring, table, exit_, "0.0.0.0/0")
    return f"{table.id} leads to {exit_.id}"


def _default_route(wiring: Wiring, table: Component, exit_: Component, to: str) -> None:
    properties = as_kind(wiring.world, table.id, RouteTableProperties)
    for index, row in enumerate(properties.routes if properties else ()):
        if row.to == to:
            if row.via != exit_.id:
                edit = set_property(table.id, ("routes", index, "via"), exit_.id)
                wiring.do(edit, f"the default route of {table.id} leads to {exit_.id}")
            return
    row_: Json = {"to": to, "via": exit_.id}
    edit = append_to(wiring.world.blueprint, table.id, ("routes",), row_)
    wiring.do(edit, f"{table.id} gets a default route to {exit_.id}")


def _acl_to_subnet(wiring: Wiring, acl: Component, subnet: Component) -> str:
    _same_vpc(wiring, acl, subnet)
    properties = as_kind(wiring.world, acl.id, NetworkAclProperties)
    if wiring.raw(subnet.id, "nacl") != acl.id and properties is not None:
        wiring.do(set_property(subnet.id, ("nacl",), acl.id), f"{acl.id} filters at the edge of {subnet.id}")
    return f"{subnet.id} uses {acl.id}"


# -- peering ------------------------------------------------------------------------------------------


def _blocks(wiring: Wiring, vpc: str) -> tuple[str, ...]:
    properties = as_kind(wiring.world, vpc, VpcProperties)
    return (properties.cidr, *properties.secondary_cidrs) if properties else ()


def _peer(wiring: Wiring, a: Component, b: Component) -> str:
    for one in _blocks(wiring, a.id):
        for other in _blocks(wiring, b.id):
            if overlap(one, other):
                raise RefusedError(
                    f"{a.id} ({one}) and {b.id} ({other}) overlap; AWS peers no VPCs that share addresses.",
                    "Give one of them another block, or publish single services through interface endpoints.",
                )
    peering = next(
        (
            component.id
            for component, found in each(wiring.world, VpcPeeringConnectionProperties)
            if {found.requester, found.accepter} == {a.id, b.id} and found.status == "active"
        ),
        None,
    )
    if peering is None:
        peering = wiring.unused(f"{a.id}-to-{b.id}")
        body: dict[str, Json] = {"requester": a.id, "accepter": b.id}
        wiring.do(add_component(peering, "vpc_peering_connection", body), f"{peering} joins {a.id} and {b.id}")
    _routes_to(wiring, a.id, _blocks(wiring, b.id), peering)
    _routes_to(wiring, b.id, _blocks(wiring, a.id), peering)
    return f"peer {a.id} with {b.id}"


def _routes_to(wiring: Wiring, vpc: str, blocks: Iterable[str], peering: str) -> None:
    """Give every route table of ``vpc`` that serves a subnet a row to each of ``blocks``."""
    tables = {
        table.id: table
        for component, subnet in each(wiring.world, SubnetProperties)
        if subnet.vpc == vpc and (table := route_table_of(wiring.world, component.id)) is not None
    }
    for name, table in sorted(tables.items()):
        if table.implicit:
            _routes_of_main(wiring, vpc, name, blocks, peering)
            continue
        rows = table.properties.routes if isinstance(table.properties, RouteTableProperties) else ()
        for block in blocks:
            if not any(row.to == block for row in rows):
                row: Json = {"to": block, "via": peering}
                edit = append_to(wiring.world.blueprint, name, ("routes",), row)
                wiring.do(edit, f"{name} sends {block} to {peering}")


def _routes_of_main(wiring: Wiring, vpc: str, main: str, blocks: Iterable[str], peering: str) -> None:
    """Write the VPC's main route table down, with the rows it has and the new ones."""
    old = as_kind(wiring.world, main, RouteTableProperties)
    kept: list[Json] = [
        {"to": row.to, "via": row.via} for row in (old.routes if old else ()) if wiring.written(row.via)
    ]
    name = wiring.unused(f"{vpc}-main")
    added: list[Json] = [{"to": block, "via": peering} for block in blocks]
    rows: list[Json] = [*kept, *added]
    body: dict[str, Json] = {"vpc": vpc, "main": True, "routes": rows}
    wiring.do(add_component(name, "route_table", body), f"the main route table of {vpc} sends its blocks to {peering}")


# -- groups and addresses -----------------------------------------------------------------------------


def _group_to_member(wiring: Wiring, group: Component, member: Component) -> str:
    carrier = wiring.carrier(member.id)
    _same_vpc(wiring, group, wiring.world.components[carrier])
    if as_kind(wiring.world, group.id, SecurityGroupProperties) and group.id not in wiring.groups(member.id):
        kept = [name for name in wiring.groups(member.id) if wiring.written(name)]
        if kept:
            edit: Edit = append_to(wiring.world.blueprint, carrier, ("security_groups",), group.id)
        else:
            edit = set_property(carrier, ("security_groups",), [group.id])
        wiring.do(edit, f"{group.id} filters at {member.id}")
    return f"{member.id} is in {group.id}"


def _free(wiring: Wiring, address: Component) -> None:
    properties = as_kind(wiring.world, address.id, ElasticIpProperties)
    used = properties.attached_to if properties else None
    used = used or next((edge.source for edge in wiring.world.referrers(address.id) if edge.role == "uses"), None)
    if used:
        raise RefusedError(f"{address.id} belongs to {used} already.", "Use another Elastic IP.")


def _address_to_instance(wiring: Wiring, address: Component, instance: Component) -> str:
    properties = as_kind(wiring.world, address.id, ElasticIpProperties)
    if properties and properties.attached_to == instance.id:
        return f"{instance.id} has {address.id}"
    _free(wiring, address)
    wiring.do(set_property(address.id, ("attached_to",), instance.id), f"{instance.id} gets the address {address.id}")
    wiring.public_subnets(wiring.world.placement(instance.id).subnets)
    return f"{instance.id} has {address.id}"


def _address_to_nat(wiring: Wiring, address: Component, nat: Component) -> str:
    properties = as_kind(wiring.world, nat.id, NatGatewayProperties)
    if properties and properties.elastic_ip == address.id:
        return f"{nat.id} has {address.id}"
    _free(wiring, address)
    wiring.do(set_property(nat.id, ("elastic_ip",), address.id), f"{nat.id} gets the address {address.id}")
    return f"{nat.id} has {address.id}"


def _address_to_balancer(wiring: Wiring, address: Component, balancer: Component) -> str:
    """Give the next node without an address this one; AWS takes one for each of the subnets."""
    given = wiring.raw(balancer.id, "elastic_ips")
    held = [str(name) for name in given] if isinstance(given, list) else []
    if address.id in held:
        return f"{balancer.id} has {address.id}"
    subnets = wiring.world.placement(balancer.id).subnets
    if len(held) >= len(subnets):
        raise RefusedError(f"Each node of {balancer.id} has an Elastic IP already.", "Take one of them away first.")
    _free(wiring, address)
    edit = append_to(wiring.world.blueprint, balancer.id, ("elastic_ips",), address.id)
    wiring.do(edit, f"the node in {subnets[len(held)]} gets the address {address.id}")
    return f"{balancer.id} has {address.id}"


VPC: Mapping[str, Way] = {"vpc": way(_peer)}
SUBNET: Mapping[str, Way] = {
    "nat_gateway": way(_subnet_to_nat),
    "internet_gateway": way(_subnet_to_gateway),
    "egress_only_internet_gateway": way(_subnet_to_egress),
    "route_table": way(_subnet_to_table),
    **INSPECTED,
    "subnet": never(
        "Subnets of one VPC reach each other already; those of two VPCs do not connect one by one.",
        "Connect the VPCs, or the instances that are to talk.",
    ),
}
ROUTE_TABLE: Mapping[str, Way] = {
    "subnet": way(_table_to_subnet),
    "nat_gateway": way(_table_to_exit),
    "internet_gateway": way(_table_to_exit),
    "egress_only_internet_gateway": way(_table_to_egress),
}
INTERNET_GATEWAY: Mapping[str, Way] = {"vpc": way(_gateway_to_vpc)}
EGRESS_ONLY_INTERNET_GATEWAY: Mapping[str, Way] = {"vpc": way(_egress_to_vpc)}
NETWORK_ACL: Mapping[str, Way] = {"subnet": way(_acl_to_subnet)}
_MEMBERS = (
    "ec2_instance",
    "application_load_balancer",
    "network_load_balancer",
    "db_instance",
    "network_interface",
    "launch_template",
    "auto_scaling_group",
)
SECURITY_GROUP: Mapping[str, Way] = {kind: way(_group_to_member) for kind in _MEMBERS}
ELASTIC_IP: Mapping[str, Way] = {
    "ec2_instance": way(_address_to_instance),
    "network_interface": way(_address_to_instance),
    "nat_gateway": way(_address_to_nat),
    "network_load_balancer": way(_address_to_balancer),
    "application_load_balancer": never(
        "An Application Load Balancer takes no Elastic IP; its addresses change.",
        "Give it a name with an alias record, or use a Network Load Balancer for fixed addresses.",
    ),
}
