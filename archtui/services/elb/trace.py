"""How an Application Load Balancer answers its name and what it does with a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component
from archtui.services.acm.properties import CertificateProperties
from archtui.services.elb.matching import covers, listener_protocol, mismatches, redirect_url, rule_text
from archtui.services.elb.properties import (
    ActionPart,
    ApplicationLoadBalancerProperties,
    Listener,
    LoadBalancerProperties,
    WeightedGroup,
)
from archtui.services.elb.targets import choose, group_properties, member_health, members
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
    HasHealth,
    HasName,
    Health,
    NameAnswer,
    NameWay,
    Question,
    Receives,
    Reception,
    Walk,
    Way,
    hop,
)
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World


def common_properties(balancer: Component) -> LoadBalancerProperties:
    """Return the properties of a load balancer of any kind."""
    if not isinstance(balancer.properties, LoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no load balancer")
    return balancer.properties


def properties_of(balancer: Component) -> ApplicationLoadBalancerProperties:
    """Return the properties of an Application Load Balancer."""
    if not isinstance(balancer.properties, ApplicationLoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no Application Load Balancer")
    return balancer.properties


def crosses_zones(balancer: Component) -> bool:
    """Whether a node sends to targets of all zones: on for an ALB, off for an NLB (fact elb-cross-zone-02)."""
    properties = common_properties(balancer)
    if properties.cross_zone is not None:
        return properties.cross_zone
    return isinstance(properties, ApplicationLoadBalancerProperties)


def nodes_of(balancer: Component, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the nodes that work: one in each enabled zone that is not lost."""
    return tuple(
        node
        for node in walk.interfaces(balancer.id)
        if not walk.condition.zone_down(node.zone) and not (node.subnet and walk.is_down(node.subnet))
    )


def groups_of(balancer: Component) -> tuple[str, ...]:
    """Return the target groups that the balancer's listeners and rules forward to, once each."""
    found: dict[str, None] = {}
    for listener in common_properties(balancer).listeners:
        for action in (listener, *listener.rules):
            found.update((weighted.target_group, None) for weighted in action.forward)
    return tuple(found)


class BalancerName(HasName, HasHealth):
    """A balancer's own DNS name gives the addresses of its nodes."""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        internal = "internal-" if common_properties(component).scheme == "internal" else ""
        region = world.placement(component.id).region
        if isinstance(component.properties, ApplicationLoadBalancerProperties):
            return (f"{internal}{component.id}.{region}.elb.amazonaws.com".lower(),)
        return (f"{component.id}.elb.{region}.amazonaws.com".lower(),)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        internal = common_properties(component).scheme == "internal"
        every = walk.interfaces(component.id)
        if not every:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        known = nodes_of(component, walk) if walk.acts(f"alb.node:{component.id}") else every
        nodes = self._healthy_nodes(component, known, walk)
        lost = tuple(
            RuleRef(component.id, f"node in {node.zone}", ("subnets",), "its zone has no working node or target")
            for node in every
            if node not in nodes
        )
        if not nodes:
            step = Step(
                "dns",
                Action.DENY,
                codes.DNS_NO_NODES,
                f"No zone of {component.id} works: its name has no address.",
                RuleRef(component.id, "nodes", ("subnets",)),
                lost,
            )
            return NameAnswer((hop(component, step),))
        zones = sorted({node.zone for node in nodes})
        what = "private" if internal else "public"
        text = f"The name of {component.id} gives the {what} addresses of its nodes in {', '.join(zones)}."
        single = len({node.zone for node in every}) == 1
        if single:
            text += " All of it stands in one zone."
        step = Step(
            "dns",
            Action.ANSWER,
            codes.ELBV2_SINGLE_ZONE if single else "",
            text,
            RuleRef(component.id, f"nodes in {', '.join(zones)}", ("subnets",)),
            lost,
            facts=("elb-nodes-01",),
        )
        share = 1 / len(nodes)
        ways = []
        for node in nodes:
            public = "" if internal else walk.public_address(node)
            ways.append(NameWay(share, replace(node, address=public or node.address), ttl=60.0))
        return NameAnswer((hop(component, step),), tuple(ways))

    @staticmethod
    def _healthy_nodes(component: Component, nodes: Sequence[Endpoint], walk: Walk) -> tuple[Endpoint, ...]:
        """Leave out the nodes of zones without a healthy target where nodes keep to their zone."""
        if crosses_zones(component):
            return tuple(nodes)
        good = []
        for node in nodes:
            healthy = False
            for name in groups_of(component):
                group = walk.world.components[name]
                seen = walk.perceived(f"alb.target:{name}")
                healthy = (
                    healthy
                    or group.kind.stands_in
                    or any(
                        member_health(group, member, node, component.id, seen).healthy is not False
                        for member in members(group, node, seen)
                        if member.endpoint.zone == node.zone
                    )
                )
            if healthy:
                good.append(node)
        return tuple(good or nodes)

    def health(self, component: Component, walk: Walk) -> Health:
        """Every target group needs a healthy target (Route 53 guide, "Evaluate target health", for ELB)."""
        nodes = nodes_of(component, walk)
        if walk.is_down(component.id) or not nodes:
            return Health(False, f"{component.id} does not work", codes.BAD_STATE)
        for name in groups_of(component):
            group = walk.world.components[name]
            if group.kind.stands_in:
                return Health(None, f"whether {name} has a healthy target is not known")
            found = [
                member_health(group, member, node, component.id, walk)
                for node in nodes
                for member in members(group, node, walk)
            ]
            if not any(health.healthy for health in found):
                if any(health.healthy is None for health in found):
                    return Health(None, f"whether {name} has a healthy target is not known")
                return Health(False, f"no target of {name} is healthy", codes.TARGET_UNHEALTHY)
        return Health(True, f"every target group of {component.id} has a healthy target")


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
            shown = _certificate(balancer, listener, index, message.http, walk)
            steps.append(shown)
            missing = _unknown_certificates(listener, walk) if shown.action is Action.UNKNOWN else ()
        return replace(self._ruled(arrival, listener, index, steps, message.http, walk), missing=missing)

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
        ref = RuleRef(balancer.id, text, place)
        request = arrival.message.to_json()
        if action.redirect is not None:
            to = action.redirect
            url = redirect_url(http, listener.port, to)
            step = Step(
                "listener",
                Action.ANSWER,
                codes.ELBV2_REDIRECT,
                f"{text[0].upper()}{text[1:]} sends the client to {url} ({to.status}).",
                ref,
                tuple(lost),
                request,
                {"status": to.status, "location": url},
                ("alb-redirect-01",),
            )
            return Reception((hop(balancer, *steps, step),), status=to.status, redirect=url)
        if action.fixed_response is not None:
            status = action.fixed_response.status
            refuses = status >= 400
            step = Step(
                "listener",
                Action.DENY if refuses else Action.ANSWER,
                codes.ELBV2_FIXED_RESPONSE,
                f"{text[0].upper()}{text[1:]} answers {status} by itself.",
                ref,
                tuple(lost),
                request,
                {"status": status},
            )
            return Reception((hop(balancer, *steps, step),), status=status)
        if not action.forward:
            step = Step(
                "listener",
                Action.DENY,
                codes.ELBV2_LISTENER_WITHOUT_ACTION,
                f"{_listener_text(listener)} has no action: neither forward nor redirect nor fixed response.",
                ref,
                tuple(lost),
            )
            return Reception((hop(balancer, *steps, step),), status=503)
        names = ", ".join(weighted.target_group for weighted in action.forward)
        steps.append(
            Step(
                "listener",
                Action.FORWARD,
                "",
                f"{text[0].upper()}{text[1:]} forwards to {names}.",
                ref,
                tuple(lost),
                request,
                facts=("alb-route-01",),
            )
        )
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
                message = _passed_on(arrival, group, member.port)
                label = member.label if len(forward) == 1 else f"{group.id}: {member.label}"
                hops = (
                    *choice.hops,
                    _new_connection(balancer, group.id, node, member.endpoint, arrival, message, walk),
                )
                ways.append(Way(share / len(choice.members), label, node, member.endpoint, message, hops))
        return tuple(ways)


def _passed_on(arrival: Arrival, group: Component, port: int) -> Message:
    """Return the request as the target gets it, with the headers an ALB adds (fact alb-xff-01)."""
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
    scheme: Literal["http", "https"] = "https" if group_properties(group).protocol == "HTTPS" else "http"
    return replace(arrival.message.to_port(port), http=replace(http, scheme=scheme, headers={**kept, **added}))


def _new_connection(
    balancer: Component, group: str, node: Endpoint, target: Endpoint, arrival: Arrival, message: Message, walk: Walk
) -> Hop:
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


def _certificates(listener: Listener) -> tuple[str, ...]:
    return tuple(name for name in (listener.certificate, *listener.certificates) if name)


def _unknown_certificates(listener: Listener, walk: Walk) -> tuple[str, ...]:
    """Return what is not known of the listener's certificates, one text for each that is not modelled."""
    return tuple(
        f"the names and the state of the certificate {name}: it is not modelled"
        for name in _certificates(listener)
        if walk.world.components[name].kind.stands_in
    )


def _certificate(balancer: Component, listener: Listener, index: int, http: Http, walk: Walk) -> Step:
    """Say which certificate the listener shows, and whether the client takes it."""
    ids = _certificates(listener)
    text = _listener_text(listener)
    if not ids:
        why = f"Listener {text} of {balancer.id} speaks TLS but has no certificate."
        rule = RuleRef(balancer.id, f"listener {text}", ("listeners", index, "certificate"))
        return Step("tls", Action.DENY, codes.TLS_NO_CERTIFICATE, why, rule, facts=("alb-cert-01",))
    known: list[tuple[Component, CertificateProperties]] = []
    for name in ids:
        component = walk.world.components[name]
        if isinstance(component.properties, CertificateProperties):
            known.append((component, component.properties))
    fits = [pair for pair in known if covers((pair[1].domain, *pair[1].alternative_names), http.host)]
    unknown = _unknown_certificates(listener, walk)
    if unknown and not fits:
        why = f"Not decided: {'; '.join(unknown)}."
        rule = RuleRef(balancer.id, f"listener {text}", ("listeners", index, "certificate"))
        return Step("tls", Action.UNKNOWN, "", why, rule)
    chosen, shown = (fits or known)[0]
    names = ", ".join((shown.domain, *shown.alternative_names))
    lost = tuple(
        RuleRef(
            component.id,
            properties.domain,
            ("domain",),
            f"does not cover {http.host}" if (component, properties) not in fits else "another one was found first",
        )
        for component, properties in known
        if component is not chosen
    )
    rule = RuleRef(chosen.id, f"certificate for {names}", ("domain",))
    region = walk.world.placement(balancer.id).region
    if http.host and not fits:
        why = f"No certificate of listener {text} covers {http.host}; {chosen.id} is for {names}."
        return Step("tls", Action.DENY, codes.TLS_NAME_MISMATCH, why, rule, lost)
    if shown.state != "issued" or walk.is_down(chosen.id):
        state = shown.state.replace("_", " ") if shown.state != "issued" else "not valid"
        return Step(
            "tls", Action.DENY, codes.TLS_CERTIFICATE_INVALID, f"The certificate {chosen.id} is {state}.", rule, lost
        )
    if shown.region and shown.region != region:
        why = f"The certificate {chosen.id} is in {shown.region}, and {balancer.id} in {region} cannot use it."
        return Step("tls", Action.DENY, codes.TLS_CERTIFICATE_INVALID, why, rule, lost, facts=("acm-region-01",))
    why = (
        f"{chosen.id} covers {http.host}: the client's TLS connection ends here."
        if http.host
        else f"{chosen.id} is shown; no host name was asked, so none is compared."
    )
    return Step("tls", Action.ACCEPT, "", why, rule, lost, facts=("alb-tls-01",))
