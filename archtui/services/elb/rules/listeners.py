"""ELB009, ELB010, ELB014, ELB016-ELB018: what a listener needs, and the order of its rules."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.acm.properties import CertificateProperties
from archtui.services.elb.covering import never_matches
from archtui.services.elb.lookups import BALANCERS, balancers_of, forwardings, listener_protocol
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    LoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.lookups import as_kind, each
from archtui.services.route53.lookups import names_of
from archtui.world.world import World

_LISTENERS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html"
_HTTPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html"
_RULES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html"
_GROUPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html"

_WEB = """\
  web: {kind: target_group, port: 80, targets: [web-1]}
  web-1: {kind: ec2}
"""


class NoListener(ComponentRule):
    """A balancer that listens on no port."""

    id = "ELB009"
    title = "Balancer without a listener"
    severity = "error"
    class_ = "correctness"
    kinds = BALANCERS
    reads = ("target_group", "certificate", LINKS)
    why = "A balancer accepts connections only on the ports of its listeners; without one nothing gets in."
    fix = "Add a listener that forwards to a target group."
    sources = (_LISTENERS,)
    facts = ("listener-role-01",)
    example_bad = """\
components:
  lb: {kind: alb, security_groups: [lb-sg]}
  lb-sg: {kind: security_group, ingress: [{port: 80, from: any}]}
  web: {kind: target_group, port: 8080, targets: [web-1]}
  web-1: {kind: ec2, security_groups: [web-sg]}
  web-sg: {kind: security_group, ingress: [{port: 8080, from: lb-sg}]}
"""
    example_good = example_bad.replace("[lb-sg]}", "[lb-sg], listeners: [{port: 80, protocol: HTTP, forward: web}]}")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the listeners."""
        if not properties(component, LoadBalancerProperties).listeners:
            message = f"{component.id} listens on no port."
            yield self.finding(component.id, message=message, fixable=bool(self._edits(world, component.id)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Forward to the one target group that no balancer forwards to yet."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        http = as_kind(world, name, ApplicationLoadBalancerProperties) is not None
        usable = ("HTTP", "HTTPS") if http else ("TCP", "UDP", "TLS", "TCP_UDP")
        idle = [
            (component.id, group)
            for component, group in each(world, TargetGroupProperties)
            if not balancers_of(world, component.id) and group.protocol in usable
        ]
        if len(idle) != 1:
            return ()
        group_id, group = idle[0]
        region = world.placement(name).region
        certificate = next(
            (item.id for item, known in each(world, CertificateProperties) if _home(world, known) == region), None
        )
        listeners: list[Json]
        if not http:
            listeners = [{"port": group.port or 80, "protocol": group.protocol, "forward": group_id}]
        elif certificate:
            listeners = [
                {"port": 443, "protocol": "HTTPS", "certificate": certificate, "forward": group_id},
                {"port": 80, "protocol": "HTTP", "redirect": {"protocol": "HTTPS", "port": 443, "status": 301}},
            ]
        else:
            listeners = [{"port": 80, "protocol": "HTTP", "forward": group_id}]
        edit = set_property(name, ("listeners",), listeners)
        return (Edit(f"let {name} listen and forward to {group_id}", edit.operations),)


def _home(world: World, certificate: CertificateProperties) -> str:
    return certificate.region or world.blueprint.region


class NoCertificate(ComponentRule):
    """An HTTPS or TLS listener without a certificate."""

    id = "ELB010"
    title = "HTTPS or TLS listener without a certificate"
    severity = "error"
    class_ = "correctness"
    kinds = BALANCERS
    why = "The balancer ends the TLS connection itself and proves its name with the certificate; AWS insists on one."
    fix = "Give the listener a certificate of the balancer's region."
    sources = (_HTTPS,)
    facts = ("alb-cert-01", "acm-region-01")
    example_bad = (
        "components:\n"
        "  zone: {kind: hosted_zone, name: example.com}\n"
        "  shop: {kind: record, zone: zone, name: shop, alias: lb}\n"
        "  lb: {kind: alb, listeners: [{port: 443, protocol: HTTPS, forward: web}]}\n" + _WEB
    )
    example_good = example_bad.replace("protocol: HTTPS,", "protocol: HTTPS, certificate: cert,") + (
        "  cert: {kind: certificate, domain: shop.example.com}\n"
    )
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at each listener that ends TLS."""
        balancer = properties(component, LoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            protocol = listener_protocol(balancer, listener)
            if protocol in ("HTTPS", "TLS") and not listener.certificate and not listener.certificates:
                yield self.finding(
                    component.id,
                    message=f"The {protocol} listener of {component.id} on port {listener.port} has no certificate.",
                    path=("listeners", index),
                    fixable=bool(self._edits(world, component.id, index)),
                    detail=(index,),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use a certificate for the balancer's name, an existing one if there is one."""
        return self._edits(world, finding.subject, int(finding.detail[0]))

    @staticmethod
    def _edits(world: World, name: str, index: int) -> tuple[Edit, ...]:
        region = world.placement(name).region
        wanted = names_of(world, name)
        for component, certificate in each(world, CertificateProperties):
            usable = certificate.state == "issued" and _home(world, certificate) == region
            if usable and all(certificate.covers(host) for host in wanted):
                return (set_property(name, ("listeners", index, "certificate"), component.id),)
        if not wanted:
            return ()
        new = unused_id(world.components, f"{name}-cert")
        body: dict[str, Json] = {"domain": wanted[0]}
        if len(wanted) > 1:
            body["alternative_names"] = [*wanted[1:]]
        if region != world.blueprint.region:
            body["region"] = region
        edits = (
            add_component(new, "certificate", body),
            set_property(name, ("listeners", index, "certificate"), new),
        )
        return (join(f"request a certificate for {wanted[0]}", edits),)


class LayerFourListener(ComponentRule):
    """An Application Load Balancer that is to carry something other than HTTP."""

    id = "ELB014"
    title = "Application Load Balancer with a TCP, TLS or UDP listener"
    severity = "error"
    class_ = "correctness"
    kinds = ("application_load_balancer",)
    reads = ()
    why = "An Application Load Balancer understands HTTP, HTTPS, HTTP/2, gRPC and WebSocket, nothing below."
    fix = "Use a Network Load Balancer for this protocol."
    sources = (_LISTENERS,)
    facts = ("alb-layer-01", "alb-not-l4-01", "nlb-layer-01")
    example_bad = "components:\n  lb: {kind: alb, listeners: [{port: 25, protocol: TCP, forward: web}]}\n" + _WEB
    example_good = example_bad.replace("kind: alb", "kind: nlb")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the protocols."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            if listener.protocol not in (None, "HTTP", "HTTPS"):
                message = f"{component.id} cannot listen for {listener.protocol} on port {listener.port}."
                yield self.finding(component.id, message=message, path=("listeners", index, "protocol"))


class PriorityClash(ComponentRule):
    """Two rules of one priority, or a listener without a default action."""

    id = "ELB016"
    title = "Two listener rules of one priority, or no default action"
    severity = "error"
    class_ = "correctness"
    kinds = ("application_load_balancer",)
    reads = ()
    why = "The lowest priority that matches decides, so each is unique; what matches no rule needs the default action."
    fix = "Renumber the rules, or give the listener a default action."
    sources = (_RULES, _LISTENERS)
    facts = ("listener-rules-01",)
    example_bad = (
        "components:\n  lb: {kind: alb, listeners: [{port: 80, forward: web, rules: ["
        "{priority: 1, path: [/a], forward: web}, {priority: 1, path: [/b], forward: web}]}]}\n" + _WEB
    )
    example_good = example_bad.replace("{priority: 1, path: [/b]", "{priority: 2, path: [/b]")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for repeated numbers and missing actions."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            if not (listener.forward or listener.redirect or listener.fixed_response):
                message = f"The listener of {component.id} on port {listener.port} has no default action."
                yield self.finding(component.id, message=message, path=("listeners", index), fixable=False)
            taken: set[int] = set()
            for place, rule in enumerate(listener.rules):
                if rule.priority in taken:
                    yield self.finding(
                        component.id,
                        message=f"Two rules of {component.id} on port {listener.port} have priority {rule.priority}.",
                        path=("listeners", index, "rules", place, "priority"),
                        detail=(index, place),
                    )
                taken.add(rule.priority)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the later rule the next free number."""
        balancer = as_kind(world, finding.subject, ApplicationLoadBalancerProperties)
        if balancer is None or not finding.detail:
            return ()
        index, place = int(finding.detail[0]), int(finding.detail[1])
        rules = balancer.listeners[index].rules
        taken = {rule.priority for rule in rules}
        number = rules[place].priority
        while number in taken:
            number += 1
        return (set_property(finding.subject, ("listeners", index, "rules", place, "priority"), number),)


class HiddenRule(ComponentRule):
    """A listener rule that never gets a request because an earlier one takes them all."""

    id = "ELB017"
    title = "Listener rule that can never match"
    severity = "warning"
    class_ = "correctness"
    kinds = ("application_load_balancer",)
    reads = ()
    why = "Rules are tried in order of priority and the first that matches decides."
    fix = "Give the narrower rule the lower priority."
    sources = (_RULES,)
    facts = ("listener-rules-01",)
    example_bad = (
        "components:\n  lb: {kind: alb, listeners: [{port: 80, forward: web, rules: ["
        "{priority: 1, path: ['/api/*'], forward: web}, {priority: 2, path: [/api/v2/*], forward: new}]}]}\n"
        + _WEB
        + "  new: {kind: target_group, port: 80, targets: [web-2]}\n  web-2: {kind: ec2}\n"
    )
    example_good = example_bad.replace("priority: 1", "priority: 3")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare each rule with those before it."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            ordered = sorted(enumerate(listener.rules), key=lambda item: (item[1].priority, item[0]))
            for position, (place, rule) in enumerate(ordered):
                before = next(
                    ((at, other) for at, other in ordered[:position] if never_matches(rule, after=other)), None
                )
                if before:
                    at, other = before
                    yield self.finding(
                        component.id,
                        message=f"Rule {rule.priority} of {component.id} on port {listener.port} never matches: "
                        f"rule {other.priority} takes all its requests.",
                        path=("listeners", index, "rules", place),
                        fixable=not never_matches(other, after=rule) and rule.priority != other.priority,
                        detail=(index, place, at),
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Swap the two priorities."""
        balancer = as_kind(world, finding.subject, ApplicationLoadBalancerProperties)
        if balancer is None or not finding.fixable:
            return ()
        index, place, at = (int(part) for part in finding.detail)
        rules = balancer.listeners[index].rules
        edits = (
            set_property(finding.subject, ("listeners", index, "rules", place, "priority"), rules[at].priority),
            set_property(finding.subject, ("listeners", index, "rules", at, "priority"), rules[place].priority),
        )
        return (join(f"try rule {rules[place].priority} before rule {rules[at].priority}", edits),)


class UnfitGroup(ComponentRule):
    """A target group whose protocol the balancer cannot use."""

    id = "ELB018"
    title = "Target group protocol does not fit the balancer"
    severity = "error"
    class_ = "correctness"
    kinds = BALANCERS
    reads = ("target_group",)
    why = (
        "An Application Load Balancer sends HTTP or HTTPS, a Network Load Balancer TCP, TLS or UDP; "
        "AWS refuses any other pairing."
    )
    fix = "Forward to a target group of a protocol that the balancer speaks."
    sources = (_GROUPS, "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html")
    facts = ("alb-layer-01", "nlb-layer-01", "nlb-no-http-01")
    example_bad = (
        "components:\n  lb: {kind: alb, listeners: [{port: 80, forward: web}]}\n"
        "  web: {kind: target_group, port: 80, protocol: TCP, targets: [web-1]}\n  web-1: {kind: ec2}\n"
    )
    example_good = example_bad.replace(" protocol: TCP,", "")
    example_finds = ("lb", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the protocols."""
        balancer = properties(component, LoadBalancerProperties)
        http = isinstance(balancer, ApplicationLoadBalancerProperties)
        usable = ("HTTP", "HTTPS") if http else ("TCP", "TLS", "UDP", "TCP_UDP")
        for way in forwardings(world):
            group = as_kind(world, way.group, TargetGroupProperties)
            if way.balancer == component.id and group and group.protocol not in usable:
                message = f"{component.id} cannot send {group.protocol} to {way.group}; it speaks {', '.join(usable)}."
                yield self.finding(component.id, way.group, message=message, path=way.path)
