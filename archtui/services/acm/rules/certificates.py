"""ACM001-ACM004: certificates in the wrong place, that will not last, do not work, or name somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to
from archtui.services.acm.properties import CertificateProperties
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind, each
from archtui.services.route53.lookups import names_by_record, names_of
from archtui.world.world import World

_WEB = "  web: {kind: target_group, port: 80, targets: [web-1]}\n  web-1: {kind: ec2}\n"
_SECURE = (
    "components:\n"
    "  cert: {kind: certificate, domain: shop.example.com}\n"
    "  lb: {kind: alb, listeners: [{port: 443, protocol: HTTPS, certificate: cert, forward: web}]}\n" + _WEB
)
_NAMED = _SECURE + (
    "  zone: {kind: hosted_zone, name: example.com}\n"
    "  shop: {kind: record, zone: zone, name: shop.example.com, alias: lb}\n"
)


def _users(world: World, certificate: str) -> list[str]:
    """Return the balancers that have ``certificate`` on a listener."""
    return [
        component.id
        for component, balancer in each(world, LoadBalancerProperties)
        if any(certificate in (item.certificate, *item.certificates) for item in balancer.listeners)
    ]


_MACHINE = (
    "components:\n  cert: {kind: certificate, domain: shop.example.com}\n  web-1: {kind: ec2}\n"
    "links: [{from: web-1, to: cert}]\n"
)
_WITHOUT = ("ec2_instance", "auto_scaling_group", "launch_template", "lambda_function", "s3_bucket")
"""Kinds that ACM puts no certificate on (facts acm-services-01, acm-s3-01)."""


class MisplacedCertificate(ComponentRule):
    """A certificate for something that ACM does not put certificates on."""

    id = "ACM001"
    title = "ACM certificate on EC2, Lambda or S3"
    severity = "error"
    class_ = "correctness"
    kinds = ("certificate",)
    reads = (LINKS,)
    why = "ACM puts certificates on load balancers, distributions and APIs; their keys stay with ACM unless exported."
    fix = "Let a load balancer, a distribution or an API end TLS, or install an exportable certificate by hand."
    sources = ("https://docs.aws.amazon.com/acm/latest/userguide/acm-services.html",)
    facts = ("acm-services-01", "acm-s3-01")
    example_bad = _MACHINE
    example_good = _MACHINE.replace("domain:", "exportable: true, domain:")
    example_finds = ("cert", "web-1")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the links between the certificate and what cannot have it."""
        if properties(component, CertificateProperties).exportable:
            return
        for link in world.links:
            ends = (link.source, link.target)
            other = ends[1] if ends[0] == component.id else ends[0]
            if component.id in ends and world.components[other].kind.name in _WITHOUT:
                message = f"{component.id} cannot be put on {other}, a {world.components[other].kind.title}."
                yield self.finding(component.id, other, message=message)


class ImportedCertificate(ComponentRule):
    """An imported certificate, which nobody renews by itself."""

    id = "ACM002"
    title = "Imported certificate"
    severity = "warning"
    class_ = "operations"
    kinds = ("certificate",)
    reads = ()
    why = "AWS renews the certificates it issued; an imported one runs out unless its owner imports the next in time."
    fix = "Let AWS Certificate Manager issue the certificate, or name who renews it and suppress this finding."
    sources = (
        "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate.html",
        "https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html",
    )
    facts = ("acm-renew-01",)
    example_bad = "components:\n  cert: {kind: certificate, domain: shop.example.com, imported: true}\n"
    example_good = "components:\n  cert: {kind: certificate, domain: shop.example.com}\n"
    example_finds = ("cert",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look where it came from."""
        if properties(component, CertificateProperties).imported:
            message = f"{component.id} was imported and will not be renewed by AWS."
            yield self.finding(component.id, message=message, path=("imported",))


class UnusableCertificate(ComponentRule):
    """A listener's certificate that is not issued (any more)."""

    id = "ACM003"
    title = "Listener certificate that is not valid"
    severity = "error"
    class_ = "correctness"
    kinds = ("certificate",)
    why = "Clients refuse an expired or revoked certificate, and AWS does not attach one that is not issued yet."
    fix = "Finish the validation or request a new certificate."
    sources = (
        "https://docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    )
    facts = ("alb-cert-01", "elb-tls-cert-01", "acm-proof-01")
    example_bad = _SECURE.replace("domain: shop.example.com", "domain: shop.example.com, state: expired")
    example_good = _SECURE
    example_finds = ("cert", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the state of a certificate in use."""
        state = properties(component, CertificateProperties).state
        users = _users(world, component.id)
        if state != "issued" and users:
            message = f"{component.id} on {', '.join(users)} is {state.replace('_', ' ')}."
            yield self.finding(component.id, *users, message=message, path=("state",))


class WrongName(ComponentRule):
    """A balancer whose certificates do not hold the name that leads to it."""

    id = "ACM004"
    title = "No certificate of the listener covers the name"
    severity = "error"
    class_ = "correctness"
    kinds = ("application_load_balancer",)
    why = "The client compares the name it asked for with the certificate and breaks off when they differ."
    fix = "Use a certificate that holds the name; *.example.com covers exactly one label."
    sources = (
        "https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html",
        "https://www.rfc-editor.org/rfc/rfc6125",
    )
    facts = ("acm-proof-01", "elb-tls-cert-01", "alb-cert-01")
    example_bad = _NAMED.replace("domain: shop.example.com", "domain: www.example.com")
    example_good = _NAMED
    example_finds = ("lb", "cert", "shop")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the names of the records that lead here with those of the certificates."""
        balancer = properties(component, LoadBalancerProperties)
        for index, listener in enumerate(balancer.listeners):
            used = dict.fromkeys(name for name in (listener.certificate, *listener.certificates) if name)
            known = [found for name in used if (found := as_kind(world, name, CertificateProperties))]
            for host in names_of(world, component.id) if known else ():
                if not any(certificate.covers(host) for certificate in known):
                    records = [edge.source for edge in world.referrers(component.id) if edge.role == "targets"]
                    own = [name for name in records if host in names_by_record(world, name)]
                    yield self.finding(
                        component.id,
                        *used,
                        *dict.fromkeys(own),
                        message=f"{host} leads to {component.id}, but {', '.join(used)} on port {listener.port} "
                        "is for another name.",
                        path=("listeners", index),
                        detail=(next(iter(used)), host),
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let the certificate hold the name too."""
        certificate, host = (str(part) for part in finding.detail)
        edit = append_to(world.blueprint, certificate, ("alternative_names",), host)
        return (Edit(f"request {certificate} for {host} too", edit.operations),)
