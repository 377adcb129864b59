"""What an Application Load Balancer does with a request: listener, TLS, what it refuses, rules, sign-in, action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archtui.model.component import Component, Json
from archtui.services.elb.authenticate import came_back, is_callback, sign_in_of, signed_in
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb.forwarding import Forwarding
from archtui.services.elb.matching import listener_protocol, mismatches, redirect_url, rule_text
from archtui.services.elb.mutual import client_headers, client_of, client_step
from archtui.services.elb.names import BalancerName
from archtui.services.elb.objections import objection_to
from archtui.services.elb.properties import ActionPart, ApplicationLoadBalancerProperties, Listener
from archtui.services.screening import screen_of, screened
from archtui.trace import codes
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop
from archtui.trace.message import Http, Message
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
        spoken_here = listener_protocol(listener)
        if spoken_here not in ("HTTP", "HTTPS"):
            # ELBv2 API Reference, CreateListener: "For Application Load Balancers, the supported protocols are HTTP
            # and HTTPS."
            text = f"Listener {_listener_text(listener)}: AWS gives {balancer.id} listeners in HTTP and HTTPS alone."
            rule = RuleRef(balancer.id, f"listener {_listener_text(listener)}", ("listeners", index, "protocol"))
            return Reception(
                (hop(balancer, Step("listener", Action.DENY, codes.ELBV2_LISTENERS_MISMATCH, text, rule)),)
            )
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
        secure = spoken_here == "HTTPS"
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
            client = client_step(balancer, listener, index, arrival.sender, walk)
            if client is not None:
                steps.append(client)
                missing = (*missing, *((client.message,) if client.action is Action.UNKNOWN else ()))
        refused = any(step.action is Action.DENY for step in steps)
        reception = self._read(arrival, listener, index, steps, message.http, walk)
        return replace(reception, refused=refused or reception.refused, missing=(*missing, *reception.missing))

    def _read(
        self, arrival: Arrival, listener: Listener, index: int, steps: list[Step], http: Http, walk: Walk
    ) -> Reception:
        """Read the request: what the balancer itself refuses, the web ACL, then the rules."""
        balancer, settings = arrival.component, properties_of(arrival.component)
        secure = listener_protocol(listener) == "HTTPS"
        objection = objection_to(http, settings, client_of(arrival.sender, walk), secure=secure)
        if objection is not None:
            text = f"{balancer.id} refuses the request: {objection.text}."
            rule = RuleRef(balancer.id, f"listener {_listener_text(listener)}", objection.path or ("listeners", index))
            refusal = Step("listener", Action.DENY, objection.code, text, rule, before=arrival.message.to_json())
            return Reception((hop(balancer, *steps, refusal),), status=objection.status)
        before: tuple[Hop, ...] = ()
        acl = screen_of(walk.world, balancer.id)
        if acl is not None and walk.is_down(acl):
            unasked = _waf_unavailable(balancer, settings, acl)
            if unasked.action is Action.DENY:
                return Reception((hop(balancer, *steps, unasked),), status=500)
            steps = [*steps, unasked]
        else:
            screening = screened(arrival, walk)
            if screening.stops:
                return screening.reception(hop(balancer, *steps))
            before = (hop(balancer, *steps), *screening.hops) if screening.hops else ()
        reception = self._ruled(arrival, listener, index, [] if before else steps, http, walk)
        return replace(reception, hops=(*before, *reception.hops))

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
        back = is_callback(listener, http)
        node = next((n for n in walk.interfaces(balancer.id) if n.interface == arrival.at.interface), arrival.at)
        if back is not None:
            found = came_back(balancer, back, RuleRef(balancer.id, "sign-in", path), http, node, walk)
            return replace(found, hops=(hop(balancer, *steps), *found.hops) if steps else found.hops)
        session = signed_in(balancer, action, chosen.ref, http, walk)
        if sign_in_of(action):
            steps = [*steps, chosen.step(Action.CHOOSE, "", f"{chosen.named} asks for a session."), *session.steps]
        if session.stops:
            return Reception((hop(balancer, *steps),), status=session.status, missing=session.missing)
        if not action.forward:
            return chosen.answered(steps, listener, arrival.message, _named(balancer, http, walk))
        headers = {**client_headers(listener, arrival.sender, walk), **session.headers}
        forwarding = Forwarding(arrival, listener, action, chosen.ref, node, headers, walk)
        steps = [*steps, chosen.forwards(arrival.message), *forwarding.notes()]
        return Reception((hop(balancer, *steps),), (forwarding.call(),))


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


def _named(balancer: Component, http: Http, walk: Walk) -> Http:
    """Return the request with a host: a client that was given none asked by the balancer's own name."""
    return http if http.host else replace(http, host=BalancerName().names(balancer, walk.world)[0])


def _waf_unavailable(balancer: Component, settings: ApplicationLoadBalancerProperties, acl: str) -> Step:
    """Return what becomes of requests while AWS WAF cannot be asked (ALB guide, 'Application Load Balancers and AWS
    WAF')."""
    passes = settings.waf_fail_open
    then = "lets the request pass (fail open)" if passes else "answers HTTP 500"
    rule = RuleRef(balancer.id, f"WAF fail open {'on' if passes else 'off'}", ("waf_fail_open",))
    action = Action.ACCEPT if passes else Action.DENY
    return Step("listener", action, codes.ELBV2_WAF_UNAVAILABLE, f"{acl} cannot be asked: {balancer.id} {then}.", rule)


def _listener_text(listener: Listener) -> str:
    return f"{listener_protocol(listener)}:{listener.port}"
