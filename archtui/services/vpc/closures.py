"""Edits against what lets packets pass: rules, entries, routes and public addresses that an unwanted flow uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.model.fields import port_range
from archtui.model.operations import Insert, Operation, Remove, Set
from archtui.network.addresses import is_address, parse_address
from archtui.network.engine import network_of
from archtui.services.vpc.properties import (
    NetworkAclProperties,
    RouteTableProperties,
    SecurityGroupProperties,
    SecurityGroupRule,
)
from archtui.trace.interface import Closures, Passage
from archtui.world.steps import Action
from archtui.world.world import World

_ANYWHERE = ("0.0.0.0/0", "::/0", "any")


def _decider(passage: Passage, kind: type[object]) -> tuple[Component, str, int] | None:
    """Return the written component whose list element decided the step: component, list, index."""
    rule = passage.step.decided_by
    if rule is None or len(rule.path) != 2:
        return None
    component = passage.world.blueprint.components.get(rule.component)
    section, index = rule.path
    if component is None or not isinstance(component.properties, kind) or not isinstance(index, int):
        return None
    if index >= len(getattr(component.properties, str(section), None) or ()):
        return None
    return component, str(section), index


def _asked_port(passage: Passage) -> int | None:
    port = passage.step.before.get("destination_port")
    return int(port) if isinstance(port, str) and port.isdigit() else None


def _vpc_of(world: World, address: Json) -> str | None:
    """Return the block of the VPC that holds an address; None: it is outside."""
    if not isinstance(address, str) or not is_address(address):
        return None
    number = parse_address(address)
    blocks = (block for vpc in network_of(world).vpcs.values() for block in vpc.blocks)
    return next((block.text for block in blocks if number in block), None)


class GroupClosures(Closures):
    """Take the port out of the rule, keep it for the VPC alone, or remove the rule."""

    def closures(self, passage: Passage) -> Iterator[Edit]:
        decided = _decider(passage, SecurityGroupProperties)
        if decided is None or passage.step.layer != "security_group":
            return
        group, section, index = decided
        rule = getattr(group.properties, section)[index]
        place = ("components", group.id, section, index)
        text = passage.step.decided_by.text if passage.step.decided_by else ""
        assert isinstance(rule, SecurityGroupRule)
        yield from self._without_port(passage, rule, place, f"{group.id}: {text}")
        yield from self._inside_alone(passage, group, section, index)
        yield Edit(f"remove {text} from {group.id}", (Remove(place),))

    @staticmethod
    def _without_port(
        passage: Passage, rule: SecurityGroupRule, place: tuple[str | int, ...], text: str
    ) -> Iterator[Edit]:
        port = _asked_port(passage)
        if port is None or rule.ports is None or rule.ports.isdigit():
            return
        first, last = port_range(rule.ports)
        sides = [(low, high) for low, high in ((first, port - 1), (port + 1, last)) if low <= high]
        written = passage.world.blueprint.data
        whole = _dictionary(written, place)
        if whole is None:
            return
        shown = [{**whole, "port": low if low == high else f"{low}-{high}"} for low, high in sides]
        operations: list[Operation] = [Set(place, shown[0])]
        operations += [Insert((*place[:-1], int(place[-1]) + 1), other) for other in shown[1:]]
        yield Edit(f"leave port {port} out of {text}", tuple(operations))

    @staticmethod
    def _inside_alone(passage: Passage, group: Component, section: str, index: int) -> Iterator[Edit]:
        word = "from" if section == "ingress" else "to"
        whole = _dictionary(passage.world.blueprint.data, ("components", group.id, section, index))
        mine, other = ("destination", "source") if section == "ingress" else ("source", "destination")
        if whole is None or whole.get(word) not in _ANYWHERE:
            return
        block = _vpc_of(passage.world, passage.step.before.get(mine))
        if block is None or _vpc_of(passage.world, passage.step.before.get(other)) is not None:
            return
        edit = set_property(group.id, (section, index, word), block)
        yield Edit(f"let {group.id} take this {word} {block} alone, not {word} anywhere", edit.operations)


def _dictionary(data: Json, place: tuple[str | int, ...]) -> dict[str, Json] | None:
    here = data
    for part in place:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return None
    return here if isinstance(here, dict) else None


class AclClosures(Closures):
    """Put an entry that denies before the one that admits."""

    def closures(self, passage: Passage) -> Iterator[Edit]:
        decided = _decider(passage, NetworkAclProperties)
        if decided is None or passage.step.layer != "nacl" or passage.step.action is not Action.ACCEPT:
            return
        acl, section, index = decided
        entries: Sequence[object] = getattr(acl.properties, section)
        numbers = [int(getattr(entry, "rule", 0)) for entry in entries]
        number = next((free for free in range(numbers[index] - 1, 0, -1) if free not in numbers), None)
        packet = passage.step.before
        port = _asked_port(passage)
        protocol = packet.get("protocol")
        if number is None or not isinstance(protocol, str) or (protocol in ("tcp", "udp") and port is None):
            return
        word, side = ("from", "source") if section == "ingress" else ("to", "destination")
        address = packet.get(side)
        inside = _vpc_of(passage.world, address)
        peer = f"{address}/32" if inside else "0.0.0.0/0"
        entry: dict[str, Json] = {"rule": number, "action": "deny", "protocol": protocol}
        if port is not None:
            entry["port"] = port
        entry[word] = peer
        edit = append_to(passage.world.blueprint, acl.id, (section,), entry)
        what = f"{protocol} {port}" if port is not None else protocol
        yield Edit(f"deny {what} {word} {peer} in {acl.id} (rule {number})", edit.operations)


class RouteClosures(Closures):
    """Remove the row that the packet or its reply takes."""

    def closures(self, passage: Passage) -> Iterator[Edit]:
        decided = _decider(passage, RouteTableProperties)
        if decided is None or passage.step.layer != "route":
            return
        table, section, index = decided
        text = passage.step.decided_by.text if passage.step.decided_by else ""
        yield Edit(f"remove the row {text} from {table.id}", (Remove(("components", table.id, section, index)),))


class AddressClosures(Closures):
    """Take the public address away from what is reached by it."""

    def closures(self, passage: Passage) -> Iterator[Edit]:
        if passage.step.layer != "nat" or passage.step.action is not Action.TRANSLATE:
            return
        world, address = passage.world, passage.step.after.get("destination")
        if not isinstance(address, str) or passage.step.before.get("destination") == address:
            return
        network = network_of(world)
        for name in network.by_address.get(parse_address(address), ()):
            component = world.blueprint.components.get(network.interfaces[name].component)
            if component is None:
                continue
            fields = type(component.properties).model_fields
            if "publicly_accessible" in fields:
                edit = set_property(component.id, ("publicly_accessible",), False)
            elif "scheme" in fields:
                edit = set_property(component.id, ("scheme",), "internal")
            elif "public_ip" in fields and component.kind.name != "network_interface":
                edit = set_property(component.id, ("public_ip",), False)
            else:
                continue
            yield Edit(f"take the public address of {component.id} away", edit.operations)
