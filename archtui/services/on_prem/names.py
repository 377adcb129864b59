"""How names are found at a site: its own name servers, and what they ask elsewhere (conditional forwarders)."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.addresses import parse_address, parse_block
from archtui.services.on_prem.properties import Forwarder, OnPremHostProperties, OnPremSiteProperties
from archtui.trace import codes
from archtui.trace.interface import NameAnswer, NameWay, PassesQuestions, Question, ServesNames, Walk, hop
from archtui.trace.message import Endpoint, Message
from archtui.trace.request import is_address
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict
from archtui.world.world import World


class SiteNames(PassesQuestions, ServesNames):
    """A site's name servers answer for its own names, and forward those of some domains to other name servers."""

    def domain_for(self, component: Component, question: Question, walk: Walk) -> str | None:
        asker = walk.world.components.get(question.asker.component)
        host = asker.properties if asker else None
        here = isinstance(host, OnPremHostProperties) and host.site == component.id
        if not here and (asker is None or asker.id != component.id):
            return None
        site = properties_as(component, OnPremSiteProperties)
        found = [_bare(name) for name in site.names if _covers(name, question.name)]
        found += [_bare(each.domain) for each in site.forwarders if _is_inside(question.name, each.domain)]
        return max(found, key=len, default=None)

    def pass_on(self, component: Component, question: Question, walk: Walk) -> NameAnswer | None:
        site = properties_as(component, OnPremSiteProperties)
        own = next((name for name in site.names if _covers(name, question.name)), None)
        if own is not None:
            return self._own(component, own, site.names[own], question, walk)
        fitting = [each for each in site.forwarders if _is_inside(question.name, each.domain)]
        return _forwarded(component, max(fitting, key=lambda each: len(_bare(each.domain))), question, walk)

    def answers_at(self, component: Component, address: str, world: World) -> bool:
        networks = properties_as(component, OnPremSiteProperties).networks or ()
        return any(parse_address(address) in parse_block(cidr) for cidr in networks)

    def serve(self, component: Component, question: Question, at: Endpoint, walk: Walk) -> NameAnswer:
        site = properties_as(component, OnPremSiteProperties)
        own = next((name for name in site.names if _covers(name, question.name)), None)
        if own is not None:
            return self._own(component, own, site.names[own], question, walk)
        rule = RuleRef(component.id, f"names of {component.id}", ("names",))
        if not site.names:
            missing = f"what the name servers of {component.id} answer for {question.name}"
            step = Step("dns", Action.UNKNOWN, codes.DNS_NAME_OUTSIDE, f"Not known: {missing}.", rule)
            return NameAnswer((hop(component, step),), (), (missing,))
        text = f"The name servers of {component.id} do not know {question.name}."
        return NameAnswer((hop(component, Step("dns", Action.DENY, codes.DNS_FORWARD_UNANSWERED, text, rule)),))

    @staticmethod
    def _own(component: Component, name: str, value: str, question: Question, walk: Walk) -> NameAnswer:
        text = f"The name servers of {component.id} answer {question.name} with {value}."
        rule = RuleRef(component.id, f"{name} {value}", ("names", name))
        first = hop(component, Step("dns", Action.ANSWER, "", text, rule))
        if is_address(value):
            return NameAnswer((first,), (NameWay(1.0, _end(value, question.asker, walk)),))
        if value in walk.world.components:
            return NameAnswer((first,), (NameWay(1.0, component=value),))
        return NameAnswer((first,), (NameWay(1.0, name=value),))


def _end(address: str, asker: Endpoint, walk: Walk) -> Endpoint:
    """Return whose address it is; the machines of sites are known by theirs."""
    for component in walk.world.of_kind("on_prem_host"):
        host = component.properties
        if isinstance(host, OnPremHostProperties) and host.address == address:
            return Endpoint(component.id, address)
    return walk.owner(address, asker)


def _forwarded(site: Component, forwarder: Forwarder, question: Question, walk: Walk) -> NameAnswer:
    """Ask the name servers of a forwarder one after the other, until a packet gets to one."""
    text = f"The name servers of {site.id} forward {forwarder.domain} to {', '.join(forwarder.to)}."
    rule = RuleRef(site.id, f"forwarder for {forwarder.domain}", ("forwarders",))
    first = hop(site, Step("dns", Action.FORWARD, "", text, rule))
    refused: NameAnswer | None = None
    for target in forwarder.to:
        for end in _ends(target, question.asker, walk):
            leg = walk.packet(question.asker, end, Message("udp", 53))
            before: tuple[Hop, ...] = (first, *leg.forward, *leg.back)
            if leg.verdict is Verdict.REACHABLE:
                return _served(site, question, leg.received or end, end.address, before, walk)
            if leg.verdict is Verdict.UNKNOWN:
                return NameAnswer(before, (), leg.missing)
            refused = refused or NameAnswer(before)
    text = f"None of {', '.join(forwarder.to)} has an address that works."
    step = Step("dns", Action.DENY, codes.DNS_RESOLVER_ENDPOINT_UNUSABLE, text, rule)
    return refused or NameAnswer((first, hop(site, step)))


def _ends(target: str, asker: Endpoint, walk: Walk) -> tuple[Endpoint, ...]:
    if target not in walk.world.components:
        return (walk.owner(target, asker),)
    if walk.is_down(target):
        return ()
    return tuple(nic for nic in walk.interfaces(target) if not walk.condition.zone_down(nic.zone))


def _served(
    site: Component, question: Question, end: Endpoint, address: str, before: tuple[Hop, ...], walk: Walk
) -> NameAnswer:
    component = walk.world.components.get(end.component)
    serves = component.kind.behaviour(ServesNames) if component else None
    if component is None or serves is None or not serves.answers_at(component, address, walk.world):
        missing = f"what the name server {address} answers for {question.name}"
        step = Step("dns", Action.UNKNOWN, codes.DNS_NAME_OUTSIDE, f"Not known: {missing}.", RuleRef(site.id, ""))
        return NameAnswer((*before, hop(site, step)), (), (missing,))
    found = serves.serve(component, question, end, walk)
    return NameAnswer((*before, *found.hops), found.ways, found.missing)


def _bare(name: str) -> str:
    return name.lower().strip(".")


def _is_inside(name: str, domain: str) -> bool:
    bare = _bare(domain)
    return not bare or name == bare or name.endswith(f".{bare}")


def _covers(written: str, name: str) -> bool:
    """Whether a name as the site's servers hold it (``*.`` for all below) is the name asked for."""
    bare = _bare(written)
    return name.endswith(bare[1:]) if bare.startswith("*.") else name == bare
