"""Which IP family a connection by name uses: the record types a sender asks for, and which answer it goes on with.

A sender with addresses of both families asks for AAAA and A records and tries IPv6 first (RFC 6724, default policy
table); where no packet gets through it goes on over IPv4 (Happy Eyeballs, RFC 8305). That programs do so is an
assumption, and a trace names it. A sender in a subnet with DNS64 and without IPv4 gets IPv4 addresses embedded in
64:ff9b::/96 (RFC 6052; VPC User Guide, "DNS64 and NAT64").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from archtui.model.blueprint import INTERNET
from archtui.network.addresses import NAT64, address_text, behind_nat64, embedded, parse_address
from archtui.trace import codes
from archtui.trace.interface import Originates, Resolution, Resolved, Walk
from archtui.trace.message import Endpoint
from archtui.trace.packets import Packets
from archtui.world.steps import Action, Hop, Step, Verdict

Family: TypeAlias = Literal["A", "AAAA"]
Ask: TypeAlias = Callable[[Family], Resolution]


@dataclass(frozen=True, slots=True)
class Speaks:
    """The families a sender has addresses of."""

    ipv4: bool = True
    ipv6: bool = False
    prefers_ipv4: bool = False
    """Whether IPv6 is only taken where a name has no IPv4 address: what is sent by no one in particular."""
    dns64: bool = False
    """Whether its resolver makes IPv6 addresses of IPv4 ones."""


def is_ipv6(address: str) -> bool:
    """Whether ``address`` is an IPv6 address."""
    return ":" in address


def unembedded(address: str) -> str:
    """Return the IPv4 address that an address of DNS64 stands for; any other address as it is."""
    number = parse_address(address) if is_ipv6(address) else None
    return address_text(embedded(number)) if number is not None and number in NAT64 else address


def speaks(source: Endpoint, walk: Walk, packets: Packets) -> Speaks:
    """Say which families the sender has addresses of."""
    if source.interface:
        six = bool(packets.ipv6_address(source, public=False))
        return Speaks(not is_ipv6(source.address), six, dns64=six and packets.uses_dns64(source))
    if _nobody(source, packets):
        return Speaks(ipv6=True, prefers_ipv4=True)
    return Speaks(not is_ipv6(source.address), is_ipv6(source.address) or bool(_other(source, walk, packets)))


def _nobody(source: Endpoint, packets: Packets) -> bool:
    """Whether it is no one in particular who sends: the internet."""
    return source.component == INTERNET and source.address in ("", packets.somewhere)


def _other(source: Endpoint, walk: Walk, packets: Packets) -> str:
    """Return the IPv6 address of an outsider that has both; empty: it has none beside its address."""
    if _nobody(source, packets):
        return packets.somewhere6
    component = walk.world.components.get(source.component)
    outside = component.kind.behaviour(Originates) if component else None
    if component is None or outside is None:
        return ""
    origin = outside.origin(component)
    return origin.ipv6 if source.address == origin.address else ""


def as_sender(source: Endpoint, target: Endpoint, walk: Walk, packets: Packets) -> Endpoint:
    """Return an outsider with its address of the target's family, where it has one."""
    if source.interface or not is_ipv6(target.address) or is_ipv6(source.address):
        return source
    other = _other(source, walk, packets)
    return replace(source, address=other) if other else source


def as_seen(source: Endpoint, nic: Endpoint, walk: Walk, packets: Packets) -> Endpoint:
    """Return the interface of a component without a name with the address that the sender has to use: a public one
    from outside the networks, one of a family that the sender has."""
    has = speaks(source, walk, packets)
    six = packets.ipv6_address(nic, public=not source.interface) if has.ipv6 else ""
    public = "" if source.interface else packets.public_address(nic)
    if six and (not has.ipv4 or not (source.interface or public)):
        return replace(nic, address=six)
    return replace(nic, address=public) if public else nic


def of_family(has: Speaks, sender: Hop, ask: Ask, gets_through: Callable[[Endpoint], Verdict]) -> Resolution:
    """Return what a sender finds for a name, each answer of the family it goes on with.

    ``sender`` is a hop at the sender without steps, ``gets_through`` what a packet to an address comes to.
    """
    if not has.ipv6:
        return ask("A")
    if not has.ipv4:
        found = ask("AAAA")
        return found if found.answers or not has.dns64 else _embedded(sender, found, ask("A"))
    first: Family = "A" if has.prefers_ipv4 else "AAAA"
    found = ask(first)
    if first == "A":
        six = None if found.answers or _undecided(found) else ask("AAAA")
        if six is None or not six.answers:
            return found
        step = Step(
            "dns",
            Action.CHOOSE,
            codes.ASSUMPTION_IPV6,
            "The name has IPv6 addresses alone; the sender is taken to have one too.",
        )
        return replace(six, hops=(*six.hops, replace(sender, steps=(step,))))
    four = ask("A")
    if not found.answers:
        return four
    if not four.answers:
        return found
    return _happy_eyeballs(sender, found, four, gets_through)


def _undecided(found: Resolution) -> bool:
    steps = (step for hop in (*found.hops, *(h for _, dead in found.dead for h in dead)) for step in hop.steps)
    return any(step.code not in ("", codes.DNS_NO_RECORD_OF_TYPE) for step in steps if step.action is Action.DENY)


def _embedded(sender: Hop, six: Resolution, four: Resolution) -> Resolution:
    if not four.answers:
        return six
    answers = []
    for answer in four.answers:
        address = address_text(behind_nat64(parse_address(answer.endpoint.address)))
        answers.append(replace(answer, endpoint=replace(answer.endpoint, address=address)))
    shown = ", ".join(dict.fromkeys(answer.endpoint.address for answer in answers))
    text = f"The name has no IPv6 address: the VPC's resolver makes {shown} of its IPv4 one (DNS64)."
    step = Step("dns", Action.TRANSLATE, "", text)
    return replace(four, hops=(*four.hops, replace(sender, steps=(step,))), answers=tuple(answers))


def _happy_eyeballs(
    sender: Hop, six: Resolution, four: Resolution, gets_through: Callable[[Endpoint], Verdict]
) -> Resolution:
    """Prefer the IPv6 answers; those to which no packet gets through give their share to the IPv4 ones."""
    shown = ", ".join(dict.fromkeys(answer.endpoint.address for answer in six.answers))
    text = f"The name has addresses of both families: {shown} is tried first (RFC 6724)."
    lead = replace(sender, steps=(Step("dns", Action.CHOOSE, codes.ASSUMPTION_IPV6, text),))
    answers: list[Resolved] = []
    for answer in six.answers:
        if gets_through(answer.endpoint) is not Verdict.BLOCKED:
            answers.append(answer)
            continue
        text = (
            f"No packet gets to {answer.endpoint.address} over IPv6: the sender goes on over IPv4 "
            "(Happy Eyeballs, RFC 8305: after 250 ms)."
        )
        fallen = replace(sender, steps=(Step("dns", Action.CHOOSE, codes.IPV6_FALLS_BACK, text),))
        answers += [
            replace(other, weight=answer.weight * other.weight, hops=(*answer.hops, fallen, *four.hops, *other.hops))
            for other in four.answers
        ]
    lost = 1.0 - sum(answer.weight for answer in answers) - sum(weight for weight, _ in six.dead)
    dead = six.dead if abs(lost) < 1e-9 else (*six.dead, *((lost * weight, hops) for weight, hops in four.dead))
    fell = any(is_ipv6(answer.endpoint.address) is False for answer in answers)
    missing = (*six.missing, *four.missing) if fell else six.missing
    return Resolution((*six.hops, lead), tuple(answers), dead, missing)
