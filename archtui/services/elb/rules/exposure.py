"""ELB011-ELB013, ELB023-ELB025, ELB028: how a balancer meets its clients, and what guards it."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.services.acm.properties import CertificateProperties
from archtui.services.elb.lookups import BALANCERS, listener_protocol
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, LoadBalancerProperties
from archtui.services.lookups import as_kind, covers
from archtui.services.screening import screen_of
from archtui.services.vpc.properties import SecurityGroupProperties
from archtui.world.world import World

_HTTPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html"
_POLICIES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"
_RULES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html"
_ATTRIBUTES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"
_FILTERS = (
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html"
)

_WEB = "  web: {kind: target_group, port: 80, targets: [web-1]}\n  web-1: {kind: ec2}\n"
_BARE = "components:\n  lb: {kind: alb, listeners: [{port: 80, protocol: HTTP, forward: web}]}\n" + _WEB
_SECURE = (
    "components:\n"
    "  cert: {kind: certificate, domain: shop.example.com}\n"
    "  lb: {kind: alb, listeners: [{port: 443, protocol: HTTPS, certificate: cert, forward: web}]}\n" + _WEB
)

OLD_POLICIES = {
    "ELBSecurityPolicy-2015-05": "1.0",
    "ELBSecurityPolicy-2016-08": "1.0",
    "ELBSecurityPolicy-TLS-1-0-2015-04": "1.0",
    "ELBSecurityPolicy-TLS-1-1-2017-01": "1.1",
    "ELBSecurityPolicy-FS-2018-06": "1.0",
    "ELBSecurityPolicy-FS-1-1-2019-08": "1.1",
    "ELBSecurityPolicy-TLS13-1-0-2021-06": "1.0",
    "ELBSecurityPolicy-TLS13-1-1-2021-06": "1.1",
}
"""The policies that admit a protocol older than TLS 1.2, with the oldest one ('Security policies for your
Application Load Balancer')."""
GOOD_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


class ForeignCertificate(ComponentRule):
    """A listener whose certificate is in another region."""

    id = "ELB011"
    title = "Listener certificate of another region"
    severity = "error"
    class_ = "correctness"
    kinds = BALANCERS
    why = "A certificate of AWS Certificate Manager stays in its region; a balancer elsewhere cannot use it."
    fix = "Request a certificate in the balancer's own region."
    sources = ("https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html", _HTTPS)
    facts = ("acm-region-01",)
    example_bad = _SECURE.replace("domain: shop.example.com", "domain: shop.example.com, region: us-west-2")
    example_good = _SECURE
    example_finds = ("lb", "cert")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the regions."""
        balancer = properties(component, LoadBalancerProperties)
        here = world.placement(component.id).region
        for index, listener in enumerate(balancer.listeners):
            for name in dict.fromkeys((listener.certificate, *listener.certificates)):
                certificate = as_kind(world, name, CertificateProperties)
                home = (certificate.region or world.blueprint.region) if certificate else here
                if name and home != here:
                    message = f"{component.id} is in {here}, its certificate {name} in {home}."
                    yield self.finding(component.id, name, message=message, path=("listeners", index))


class ClearText(ComponentRule):
    """A public HTTP listener that serves instead of sending clients to HTTPS."""

    id = "ELB012"
    title = "HTTP listener that does not redirect to HTTPS"
    severity = "warning"
    class_ = "security"
    kinds = ("application_load_balancer",)
    reads = ()
    why = "Whoever types the name without https stays on clear text, passwords and cookies included."
    fix = "Let the HTTP listener redirect to HTTPS."
    sources = (_RULES, "https://repost.aws/knowledge-center/elb-redirect-http-to-https-using-alb")
    facts = ("alb-redirect-01", "listener-actions-01")
    example_bad = (
        "components:\n  cert: {kind: certificate, domain: shop.example.com}\n  lb:\n    kind: alb\n    listeners:\n"
        "      - {port: 443, protocol: HTTPS, certificate: cert, forward: web}\n"
        "      - {port: 80, protocol: HTTP, forward: web}\n" + _WEB
    )
    example_good = example_bad.replace("HTTP, forward: web", "HTTP, redirect: {protocol: HTTPS, port: 443}")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the default action of each HTTP listener."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        if balancer.scheme != "internet-facing":
            return
        secure = any(listener_protocol(balancer, listener) == "HTTPS" for listener in balancer.listeners)
        for index, listener in enumerate(balancer.listeners):
            plain = listener_protocol(balancer, listener) == "HTTP"
            if plain and (listener.forward or (listener.redirect and listener.redirect.protocol == "HTTP")):
                message = f"{component.id} serves clear-text HTTP on port {listener.port}."
                path = ("listeners", index)
                yield self.finding(component.id, message=message, path=path, fixable=secure, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Redirect to the HTTPS listener where there is one."""
        balancer = as_kind(world, finding.subject, ApplicationLoadBalancerProperties)
        if balancer is None or not finding.fixable:
            return ()
        port = next(item.port for item in balancer.listeners if listener_protocol(balancer, item) == "HTTPS")
        index = int(finding.detail[0])
        plain: dict[str, Json] = {
            "port": balancer.listeners[index].port,
            "protocol": "HTTP",
            "redirect": {"protocol": "HTTPS", "port": port, "status": 301},
        }
        edit = set_property(finding.subject, ("listeners", index), plain)
        return (Edit(f"redirect port {plain['port']} of {finding.subject} to HTTPS", edit.operations),)


class OldTlsPolicy(ComponentRule):
    """A TLS policy that admits protocols older than TLS 1.2."""

    id = "ELB013"
    title = "TLS policy admits protocols older than TLS 1.2"
    severity = "warning"
    class_ = "security"
    kinds = BALANCERS
    reads = ()
    why = "TLS 1.0 and 1.1 are broken and deprecated (RFC 8996), and the client may choose them."
    fix = f"Use {GOOD_POLICY} or a newer policy."
    sources = (_POLICIES, "https://www.rfc-editor.org/rfc/rfc8996")
    facts = ("elb-tls-01", "elb-tls-cert-01")
    example_bad = _SECURE.replace("certificate: cert,", "certificate: cert, ssl_policy: ELBSecurityPolicy-2016-08,")
    example_good = _SECURE.replace("certificate: cert,", f"certificate: cert, ssl_policy: {GOOD_POLICY},")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look up the policy of each listener that ends TLS."""
        balancer = properties(component, LoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            if listener_protocol(balancer, listener) not in ("HTTPS", "TLS"):
                continue
            if listener.ssl_policy is None:
                yield self.finding(
                    component.id,
                    message=f"Port {listener.port} of {component.id} names no TLS policy; created by API or "
                    "CloudFormation it gets ELBSecurityPolicy-2016-08, which admits TLS 1.0.",
                    path=("listeners", index),
                    severity="info",
                    detail=(index,),
                )
            elif listener.ssl_policy in OLD_POLICIES:
                yield self.finding(
                    component.id,
                    message=f"{listener.ssl_policy} on port {listener.port} of {component.id} admits "
                    f"TLS {OLD_POLICIES[listener.ssl_policy]}.",
                    path=("listeners", index, "ssl_policy"),
                    detail=(index,),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take AWS's recommended policy."""
        return (set_property(finding.subject, ("listeners", int(finding.detail[0]), "ssl_policy"), GOOD_POLICY),)


class NoWebFirewall(ComponentRule):
    """A public Application Load Balancer without AWS WAF."""

    id = "ELB023"
    title = "Public Application Load Balancer without a web ACL"
    severity = "warning"
    class_ = "security"
    kinds = ("application_load_balancer",)
    reads = ("web_acl",)
    why = "Security groups see ports, not requests: injection, floods and bots go straight to the application."
    fix = "Associate a web ACL of AWS WAF with the balancer."
    sources = ("https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",)
    facts = ("waf-attach-01", "waf-threats-01", "waf-layer7-01")
    example_bad = _BARE
    example_good = _BARE.replace("kind: alb,", "kind: alb, waf: true,")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the web ACL."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        guarded = balancer.waf or screen_of(world, component.id) is not None
        if balancer.scheme == "internet-facing" and not guarded:
            yield self.finding(component.id, message=f"No web ACL stands before {component.id}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Put one there."""
        return (set_property(finding.subject, ("waf",), True),)


class NoAccessLogs(ComponentRule):
    """A balancer that keeps no access logs."""

    id = "ELB024"
    title = "Access logs are off"
    severity = "info"
    class_ = "operations"
    kinds = BALANCERS
    reads = ()
    why = "After an incident nothing shows who asked for what; AWS leaves the logs off until you turn them on."
    fix = "Turn access logs on."
    sources = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        _ATTRIBUTES,
    )
    example_bad = _BARE
    example_good = _BARE.replace("kind: alb,", "kind: alb, access_logs: true,")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the attribute."""
        if not properties(component, LoadBalancerProperties).access_logs:
            yield self.finding(component.id, message=f"{component.id} keeps no access logs.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn them on."""
        return (set_property(finding.subject, ("access_logs",), True),)


class Deletable(ComponentRule):
    """A balancer that one call deletes."""

    id = "ELB025"
    title = "Deletion protection of the balancer is off"
    severity = "info"
    class_ = "resilience"
    kinds = BALANCERS
    reads = ()
    why = "One wrong call removes the entrance, and a new balancer has another name and other addresses."
    fix = "Turn deletion protection on."
    sources = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        _ATTRIBUTES,
    )
    example_bad = _BARE
    example_good = _BARE.replace("kind: alb,", "kind: alb, deletion_protection: true,")
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the attribute."""
        if not properties(component, LoadBalancerProperties).deletion_protection:
            yield self.finding(component.id, message=f"{component.id} is not protected against deletion.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("deletion_protection",), True),)


class ClosedListener(ComponentRule):
    """A listener port that the balancer's own security groups do not open to anybody."""

    id = "ELB028"
    title = "Nobody may reach the listener"
    severity = "error"
    class_ = "reachability"
    kinds = ("application_load_balancer",)
    reads = ("security_group",)
    why = "A balancer's security groups filter its clients; a port that no rule opens answers nobody."
    fix = "Open the listener's port to its clients in a security group of the balancer."
    sources = (_FILTERS,)
    facts = ("elb-sg-01", "security_group-default-deny-01", "security_group-chain-01")
    example_bad = (
        "components:\n  lb-sg: {kind: security_group, ingress: [{port: 443, from: any}]}\n"
        "  lb: {kind: alb, security_groups: [lb-sg], listeners: [{port: 80, protocol: HTTP, "
        "redirect: {protocol: HTTPS}}]}\n"
    )
    example_good = example_bad.replace("port: 443", "port: 80")
    example_finds = ("lb", "lb-sg")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a rule for each port; for a public balancer the default group's own members do not count."""
        balancer = properties(component, ApplicationLoadBalancerProperties)
        groups = {name: as_kind(world, name, SecurityGroupProperties) for name in balancer.security_groups}
        if not groups or not all(groups.values()):
            return
        public = balancer.scheme == "internet-facing"
        for index, listener in enumerate(balancer.listeners):
            rules = [rule for group in groups.values() if group for rule in group.ingress]
            if any(covers(rule, "tcp", listener.port) and not (public and rule.source == "self") for rule in rules):
                continue
            yield self.finding(
                component.id,
                *groups,
                message=f"No rule of {', '.join(groups)} lets clients in on port {listener.port} of {component.id}.",
                path=("listeners", index),
                fixable=public and any(name in world.blueprint.components for name in groups),
                detail=(listener.port,),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Open the port of a public balancer to the world."""
        group = next((name for name in finding.components[1:] if name in world.blueprint.components), None)
        if group is None or not finding.fixable:
            return ()
        port = int(finding.detail[0])
        edit = append_to(world.blueprint, group, ("ingress",), {"port": port, "from": "any", "description": "clients"})
        return (Edit(f"open port {port} of {group} to everyone", edit.operations),)
