"""Rules of firewalls as people write them, and as the packet engine reads them; several families use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from archtui.model.fields import Cidr, Part, Ports, Protocol, port_range
from archtui.network.addresses import Block, parse_block
from archtui.network.flow import PROTOCOLS
from archtui.network.policies import Action, FlowRule


def _several(value: object) -> object:
    if value == "any" or value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Blocks = Annotated[tuple[Cidr, ...], BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...])]
"""Address blocks; ``any`` or left out: all."""
PortList = Annotated[
    tuple[Ports, ...], BeforeValidator(_several, json_schema_input_type=int | str | tuple[int | str, ...])
]
"""Ports and ranges; ``any`` or left out: all."""
RuleAction = Literal["pass", "drop", "reject", "alert", "forward"]


class FirewallRule(Part):
    """What a firewall does with packets of one kind."""

    action: RuleAction = "pass"
    """``pass`` and ``drop``; ``reject`` drops and says so, ``alert`` only tells, ``forward`` hands a packet to
    the stateful rules (stateless groups alone)."""
    protocol: Protocol = "all"
    """tcp, udp, icmp, all or a number."""
    source: Blocks = Field(default=(), alias="from")
    """Where from: blocks, or ``any``."""
    destination: Blocks = Field(default=(), alias="to")
    """Where to: blocks, or ``any``."""
    source_ports: PortList = Field(default=(), alias="from_port")
    """The ports it comes from; left out: all."""
    ports: PortList = Field(default=(), alias="port")
    """The ports it goes to; left out: all."""
    both_ways: bool = False
    """Whether it holds for connections in the other direction too (``<>``)."""
    priority: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The lowest is tried first (stateless groups); left out: the order in which they stand."""
    options: str = ""
    """What else it looks at (Suricata keywords); what depends on it is not decided."""


def _blocks(written: Iterable[str]) -> tuple[Block, ...]:
    return tuple(parse_block(text) for text in written)


def _text(rule: FirewallRule) -> str:
    ports = f" port {', '.join(rule.ports)}" if rule.ports else ""
    source, target = ", ".join(rule.source) or "any", ", ".join(rule.destination) or "any"
    return f"{rule.action} {rule.protocol} from {source} to {target}{ports}"


_ACTIONS: dict[RuleAction, Action] = {"pass": "pass", "drop": "drop", "reject": "drop", "forward": "forward"}


def flow_rules(rules: Iterable[FirewallRule], component: str, name: str) -> Iterator[FlowRule]:
    """Yield rules in the order in which they are tried; ``name`` is the property they stand in.

    An ``alert`` decides nothing and is left out.
    """
    numbered = sorted(enumerate(rules), key=lambda item: (item[1].priority or 0, item[0]))
    for index, rule in numbered:
        if rule.action == "alert":
            continue
        protocol = PROTOCOLS[rule.protocol] if rule.protocol in PROTOCOLS else int(rule.protocol)
        prefix = f"{rule.priority}: " if rule.priority is not None else ""
        yield FlowRule(
            _ACTIONS[rule.action],
            component,
            (name, index),
            prefix + _text(rule),
            () if rule.protocol == "all" else (protocol,),
            _blocks(rule.source),
            _blocks(rule.destination),
            tuple(port_range(text) for text in rule.source_ports),
            tuple(port_range(text) for text in rule.ports),
            rule.both_ways,
            f"what {component} makes of {rule.options!r}" if rule.options else "",
        )
