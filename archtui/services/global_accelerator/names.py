"""Where clients find an accelerator: the same two addresses everywhere."""

from __future__ import annotations

import zlib
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.model.fields import port_range
from archtui.network.addresses import is_address, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import TCP, UDP
from archtui.network.interface import NetworkPart
from archtui.network.model import PublicService
from archtui.services.global_accelerator.properties import GlobalAcceleratorProperties
from archtui.trace.interface import HasName, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

TTL = 300.0
"""Seconds a resolver keeps an accelerator's name: a round figure; its addresses never change."""
_MOST_PORTS = 256
"""Accelerators with more ports than this are taken to answer on all, before their listeners are asked."""


def accelerator(component: Component) -> GlobalAcceleratorProperties:
    """Return the properties of an accelerator."""
    return properties_as(component, GlobalAcceleratorProperties)


def addresses(component: Component) -> tuple[str, ...]:
    """Return its two addresses: the stated ones, else made from its id within Global Accelerator's blocks
    (75.2.0.0/17 and 99.83.128.0/17 of ip-ranges.json)."""
    stated = tuple(address for address in accelerator(component).addresses if is_address(address))
    if stated:
        return stated
    number = zlib.crc32(component.id.encode()) % (1 << 15)
    high, low = divmod(number, 256)
    return f"75.2.{high}.{low}", f"99.83.{128 + high}.{low}"


def ipv6_addresses(component: Component) -> tuple[str, ...]:
    """Return its two IPv6 addresses: the stated ones, else made from its id.

    AWS gives a dual-stack accelerator two (Global Accelerator guide, "AWS Global Accelerator components"). Their block
    stands in ip-ranges.json (service GLOBALACCELERATOR, region GLOBAL); accelerators have been seen within
    2600:9000:a000::/36, and the made ones are taken from there.
    """
    properties = accelerator(component)
    if properties.ip_address_type != "dualstack":
        return ()
    number = zlib.crc32(component.id.encode())
    high, low = divmod(number, 1 << 16)
    return properties.ipv6_addresses or (f"2600:9000:a101:{high:x}::{low:x}", f"2600:9000:a201:{high:x}::{low:x}")


class AcceleratorName(HasName, NetworkPart):
    """The name of an accelerator gives its two addresses, wherever it is asked (anycast)."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        ports: set[tuple[int, int]] = set()
        for listener in accelerator(component).listeners:
            low, high = port_range(listener.ports)
            if high - low >= _MOST_PORTS:
                return
            ports.update((UDP if listener.protocol == "udp" else TCP, port) for port in range(low, high + 1))
        every = (*addresses(component), *ipv6_addresses(component))
        blocks = tuple(parse_block(f"{address}/{128 if ':' in address else 32}") for address in every)
        builder.service(PublicService(component.id, blocks, frozenset(ports)))

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return (f"a{zlib.crc32(component.id.encode()):08x}.awsglobalaccelerator.com",)

    def answers_ipv6(self, component: Component) -> bool:
        return accelerator(component).ip_address_type == "dualstack"

    def ipv6_end(self, component: Component, end: Endpoint, question: Question, walk: Walk) -> Endpoint | None:
        return replace(end, address=ipv6_addresses(component)[0])

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        name, own = self.names(component, walk.world)[0], addresses(component)
        text = f"{name} gives {' and '.join(own)}, the same everywhere: the nearest edge location takes the packets."
        rule = RuleRef(component.id, name)
        step = Step("dns", Action.ANSWER, "", text, rule, facts=("global_accelerator-role-01",))
        end = Endpoint(component.id, own[0], serves=component.id)
        return NameAnswer((hop(component, step),), (NameWay(1.0, end, ttl=TTL),))
