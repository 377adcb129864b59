"""What an Application Load Balancer does with a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archtui.model.component import Component, Json
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb.matching import listener_protocol, mismatches, redirect_url, rule_text
from archtui.services.elb.names import crosses_zones
from archtui.services.elb.properties import (
    ActionPart,
    ApplicationLoadBalancerProperties,
    Listener,
    WeightedGroup,
)
from archtui.services.elb.targets import choose, group_properties
from archtui.services.screening import screened
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, Hop, RuleRef, Step


def properties_of(balancer: Component) -> ApplicationLoadBalancerProperties:
    """Return the properties of an Application Load Balancer."""
    if not isinstance(balancer.properties, ApplicationLoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no Application Load Balancer")
    return balancer.properties


class BalancerReceives(Receives):
    """A balancer takes a connection on a listener and passes requests on over connections of its own."""

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        for listener in properties_of(component).listeners:
            if listener.port == port:
                return "https" if listener_protocol(listener) == "HTTPS" else "http"
        return ""

    def port(self, component: Component) -> int | None:
        listeners = properties_of(component).listeners
        return listeners[0].port if len(listeners) == 1 else None

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        balancer, properties = arrival.component, properties_of(arrival.component)
        if walk.is_down(balancer.id) or properties.state in ("failed", "provisioning"):
            state = "down" if walk.is_down(balancer.id) else properties.state
            step = Step(
                "listener", Action.DENY, codes.BAD_STATE, f"{balancer.id} is {state}.", RuleRef(balancer.id, state)
            )
            return Reception((hop(balancer, step),))
        message = arrival.message
        index = next((i for i, each in enumerate(properties.listeners) if each.port == message.port), None)
        if message.protocol != "tcp" or index is None:
            return self._no_listener(balancer, properties, message)
        listener = properties.listeners[index]
        steps = [self._chosen(balancer, properties, index)]
        if message.http is None:
            steps.append(
                Step(
                    "listener",
                    Action.ACCEPT,
                    "",
                    f"{balancer.id} accepts the connection.",
                    RuleRef(balancer.id, "listener", ("listeners", index)),
                )
            )
            return Reception((hop(balancer, *steps),))
        secure = listener_protocol(listener) == "HTTPS"
        if secure != (message.http.scheme == "https"):
            spoken, wanted = message.http.scheme.upper(), "HTTPS" if secure else "HTTP"
            text = f"The client speaks {spoken} on port {listener.port}, where {balancer.id} speaks {wanted}."
            rule = RuleRef(balancer.id, f"listener {wanted}:{listener.port}", ("listeners", index, "protocol"))
            steps.append(Step("tls", Action.DENY, codes.ELBV2_PROTOCOL_MISMATCH, text, rule))
            return Reception((hop(balancer, *steps),), status=400 if secure else None)
        missing: tuple[str, ...] = ()
        if secure:
            ids = tuple(name for name in (listener.certificate, *listener.certificates) if name)
            shown = certificate_step(balancer, ids, _listener_text(listener), index, message.http, walk)
            steps.append(shown)
            missing = unknown_certificates(ids, walk) if shown.action is Action.UNKNOWN else ()
        refused = steps[-1].action is Action.DENY
        screening = screened(arrival, walk)
        if screening.stops:
            stopped = screening.reception(hop(balancer, *steps))
            return replace(stopped, refused=refused, missing=(*missing, *stopped.missing))
        before = (hop(balancer, *steps), *screening.hops) if screening.hops else ()
        reception = self._ruled(arrival, listener, index, [] if before else steps, message.http, walk)
        missing = (*missing, *reception.missing)
        return replace(reception, hops=(*before, *reception.hops), refused=refused, missing=missing)

    @staticmethod
    def _no_listener(balancer: Component, properties: ApplicationLoadBalancerProperties, message: Message) -> Reception:
        asked = f"{message.protocol} {message.port}" if message.port is not None else message.protocol
        lost = tuple(
            RuleRef(balancer.id, _listener_text(listener), ("listeners", i), f"not {asked}")
            for i, listener in enumerate(properties.listeners)
        )
        known = ", ".join(_listener_text(listener) for listener in properties.listeners) or "none"
        text = f"No listener of {balancer.id} takes {asked}; it has {known}."
        step = Step(
            "listener",
            Action.DENY,
            codes.ELBV2_LISTENERS_MISMATCH,
            text,
            RuleRef(balancer.id, "listeners", ("listeners",)),
            lost,
        )
        return Reception((hop(balancer, step),))

    @staticmethod
    def _chosen(balancer: Component, properties: ApplicationLoadBalancerProperties, index: int) -> Step:
        chosen = _listener_text(properties.listeners[index])
        lost = tuple(
            RuleRef(balancer.id, _listener_text(other), ("listeners", i), f"port {other.port} was not asked")
            for i, other in enumerate(properties.listeners)
            if i != index
        )
        return Step(
            "listener",
            Action.CHOOSE,
            "",
            f"Listener {chosen} of {balancer.id} takes the connection.",
            RuleRef(balancer.id, f"listener {chosen}", ("listeners", index)),
            lost,
        )

    def _ruled(
        self, arrival: Arrival, listener: Listener, index: int, steps: list[Step], http: Http, walk: Walk
    ) -> Reception:
        """Find the rule that decides and do what it says."""
        balancer = arrival.component
        lost: list[RuleRef] = []
        action: ActionPart = listener
        text, path = "the default action", ("listeners", index)
        place: tuple[str | int, ...] = path
        ordered = sorted(enumerate(listener.rules), key=lambda pair: pair[1].priority)
        for position, rule in ordered:
            where = ("listeners", index, "rules", position)
            if action is not listener:
                lost.append(RuleRef(balancer.id, rule_text(rule), where, "a rule with a lower number matched before"))
                continue
            why = mismatches(rule, http, arrival.sender.address)
            if why:
                lost.append(RuleRef(balancer.id, rule_text(rule), where, "; ".join(why)))
            else:
                action, text, place = rule, rule_text(rule), where
        if action is not listener:
            lost.append(RuleRef(balancer.id, "the default action", path, "a rule matched"))
        chosen = _Chosen(balancer, action, text, RuleRef(balancer.id, text, place), tuple(lost))
        if not action.forward:
            return chosen.answered(steps, listener, arrival.message, http)
        steps.append(chosen.forwards(arrival.message))
        ways = self._forwarded(arrival, action.forward, walk)
        call = Call(f"{balancer.id} passes the request on", ways, relays=True, refused_status=502, timeout_status=504)
        return Reception((hop(balancer, *steps),), (call,))

    def _forwarded(self, arrival: Arrival, forward: Sequence[WeightedGroup], walk: Walk) -> tuple[Way, ...]:
        """Return a way for each target that may get the request, weighted by group and target."""
        balancer = arrival.component
        total = sum(weighted.weight for weighted in forward)
        if not total:
            names = ", ".join(weighted.target_group for weighted in forward)
            missing = f"what a forward does whose weights are all 0 ({names}): AWS does not say"
            step = Step("target", Action.UNKNOWN, "", f"Not decided: {missing}.", RuleRef(balancer.id, names))
            return (Way(1.0, names, arrival.at, None, arrival.message, (hop(balancer, step),), missing=(missing,)),)
        node = next((n for n in walk.interfaces(balancer.id) if n.interface == arrival.at.interface), arrival.at)
        zones = sorted({each.zone for each in walk.interfaces(balancer.id)} - {""})
        ways: list[Way] = []
        for weighted in forward:
            share = weighted.weight / total
            group = walk.world.components[weighted.target_group]
            choice = choose(group, node, balancer, zones, crosses_zones(balancer), walk)
            if not choice.members:
                status = None if choice.missing else 503
                ways.append(Way(share, group.id, node, None, arrival.message, choice.hops, status, choice.missing))
            for member in choice.members:
                message = passed_on(arrival, member.port, secure=group_properties(group).protocol == "HTTPS")
                label = member.label if len(forward) == 1 else f"{group.id}: {member.label}"
                hops = (
                    *choice.hops,
                    new_connection(balancer, group.id, node, member.endpoint, arrival, message, walk),
                )
                ways.append(Way(share / len(choice.members), label, node, member.endpoint, message, hops))
        return tuple(ways)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The action that decides about a request, with the rules that lost."""

    balancer: Component
    action: ActionPart
    text: str
    ref: RuleRef
    lost: tuple[RuleRef, ...]

    @property
    def named(self) -> str:
        """The action as a sentence begins with it."""
        return f"{self.text[0].upper()}{self.text[1:]}"

    def step(self, action: Action, code: str, text: str) -> Step:
        return Step("listener", action, code, text, self.ref, self.lost)

    def forwards(self, message: Message) -> Step:
        """Return the step that names the target groups."""
        names = ", ".join(weighted.target_group for weighted in self.action.forward)
        step = self.step(Action.FORWARD, "", f"{self.named} forwards to {names}.")
        return replace(step, before=message.to_json(), facts=("alb-route-01",))

    def answered(self, steps: Sequence[Step], listener: Listener, message: Message, http: Http) -> Reception:
        """Return what the balancer answers by itself."""
        status: int | None = 503
        url = ""
        if self.action.redirect is not None:
            status, url = self.action.redirect.status, redirect_url(http, listener.port, self.action.redirect)
            step = self.step(Action.ANSWER, codes.ELBV2_REDIRECT, f"{self.named} sends the client to {url} ({status}).")
            after: dict[str, Json] = {"status": status, "location": url}
            step = replace(step, before=message.to_json(), after=after, facts=("alb-redirect-01",))
        elif self.action.fixed_response is not None:
            status = self.action.fixed_response.status
            refuses = Action.DENY if status >= 400 else Action.ANSWER
            step = self.step(refuses, codes.ELBV2_FIXED_RESPONSE, f"{self.named} answers {status} by itself.")
            step = replace(step, before=message.to_json(), after={"status": status})
        else:
            text = f"{_listener_text(listener)} has no action: neither forward nor redirect nor fixed response."
            step = self.step(Action.DENY, codes.ELBV2_LISTENER_WITHOUT_ACTION, text)
        return Reception((hop(self.balancer, *steps, step),), status=status, redirect=url)


def passed_on(arrival: Arrival, port: int, *, secure: bool) -> Message:
    """Return the request as a target gets it on ``port``, with the headers a balancer adds (fact alb-xff-01)."""
    http = arrival.message.http
    if http is None:
        return arrival.message.to_port(port)
    before = http.header("X-Forwarded-For")
    added = {
        "X-Forwarded-For": f"{before}, {arrival.sender.address}" if before else arrival.sender.address,
        "X-Forwarded-Proto": http.scheme,
        "X-Forwarded-Port": str(arrival.message.port),
    }
    kept = {name: value for name, value in http.headers.items() if name.lower() not in {key.lower() for key in added}}
    scheme: Literal["http", "https"] = "https" if secure else "http"
    sent = replace(http, scheme=scheme, headers={**kept, **added})
    return replace(arrival.message, port=port, source_port=None, http=sent)


def new_connection(
    balancer: Component, group: str, node: Endpoint, target: Endpoint, arrival: Arrival, message: Message, walk: Walk
) -> Hop:
    """Return the hop of the connection that a node opens to a target of ``group`` (the balancer itself for one
    without target groups)."""
    cut = next(
        (
            pair
            for pair in ((balancer.id, group), (group, target.component), (balancer.id, target.component))
            if pair in walk.condition.links
        ),
        None,
    )
    if cut:
        text = f"The link from {cut[0]} to {cut[1]} is down."
        return hop(balancer, Step("target", Action.DENY, codes.LINK_DOWN, text, RuleRef(balancer.id, text)))
    text = (
        f"{balancer.id} ends the client's connection and opens its own from {node.address} to {target}:{message.port}."
    )
    step = Step(
        "target",
        Action.TRANSLATE,
        codes.REMAP_EPHEMERAL_PORT,
        text,
        RuleRef(balancer.id, f"node in {node.zone}", ("subnets",)),
        before={"source": arrival.sender.address, "destination": arrival.at.address, **arrival.message.to_json()},
        after={"source": node.address, "destination": target.address, **message.to_json()},
        facts=("alb-tls-01", "alb-xff-01"),
    )
    return hop(balancer, step)


def _listener_text(listener: Listener) -> str:
    return f"{listener_protocol(listener)}:{listener.port}"
