"""CDN002, CDN003, CDN005-CDN007: where a distribution gets what it serves."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.cloudfront.origins import origin_of
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties, Origin
from archtui.services.ec2.lookups import public_address_of
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind
from archtui.services.s3.properties import S3BucketProperties
from archtui.world.world import World

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
KINDS = ("cloudfront_distribution",)
_SITE = """\
components:
  site: {kind: s3}
  spare: {kind: s3}
  cdn:
    kind: cdn
    origins: [{id: site, to: site, access: oac}, {id: spare, to: spare, access: oac}]
    origin_groups: [{id: both, primary: site, secondary: spare}]
    default: {origin: both, viewer_protocol: redirect-to-https}
"""


class PrivateOrigin(ComponentRule):
    """An origin that edge locations cannot come to."""

    id = "CDN002"
    title = "Custom origin not reachable from the edge"
    severity = "error"
    class_ = "reachability"
    kinds = KINDS
    reads = ("application_load_balancer", "network_load_balancer", "ec2_instance", "subnet", "elastic_ip")
    why = "Edge locations ask origins at their public addresses, unless the origin is connected as a VPC origin."
    fix = "Make the origin public behind a filter, or connect it as a VPC origin."
    sources = (f"{GUIDE}private-content-vpc-origins.html", f"{GUIDE}DownloadDistS3AndCustomOrigins.html")
    facts = ("cloudfront-origin-public-01",)
    example_bad = PUBLIC_NETWORK + (
        "  lb: {kind: alb, scheme: internal, subnets: [public-a, public-b], listeners: [{port: 80, "
        "fixed_response: {status: 200}}]}\n"
        "  cdn: {kind: cdn, origins: [{id: app, to: lb, protocol: http-only}], default: {origin: app}}\n"
    )
    example_good = example_bad.replace("scheme: internal, ", "")
    example_finds = ("cdn", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for origins without a public address."""
        distribution = properties(component, CloudFrontDistributionProperties)
        for index, origin in enumerate(distribution.origins):
            if not origin.vpc_origin and self._is_private(world, origin):
                message = f"The origin {origin.to} has no public address, so edge locations cannot ask it."
                yield self.finding(component.id, origin.to, message=message, path=("origins", index))

    @staticmethod
    def _is_private(world: World, origin: Origin) -> bool:
        balancer = as_kind(world, origin.to, LoadBalancerProperties)
        if balancer is not None:
            return balancer.scheme == "internal"
        instance = as_kind(world, origin.to, Ec2InstanceProperties)
        return instance is not None and not public_address_of(world, origin.to)


class OpenBucket(ComponentRule):
    """A bucket that is asked as anyone could ask it."""

    id = "CDN003"
    title = "S3 origin open to direct access"
    severity = "warning"
    class_ = "security"
    kinds = KINDS
    reads = ("s3_bucket",)
    why = "What anyone may read from the bucket goes round the distribution's web ACL, signatures and countries."
    fix = "Use an origin access control and let the bucket's policy allow the distribution alone."
    sources = (f"{GUIDE}private-content-restricting-access-to-s3.html",)
    facts = ("oac-role-01", "oai-role-01")
    example_bad = _SITE.replace("to: site, access: oac", "to: site")
    example_good = _SITE
    example_finds = ("cdn", "site")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look how each bucket is asked."""
        distribution = properties(component, CloudFrontDistributionProperties)
        for index, origin in enumerate(distribution.origins):
            bucket = as_kind(world, origin.to, S3BucketProperties)
            if bucket is not None and origin.access == "public" and not origin.website:
                message = f"{component.id} asks {origin.to} without an origin access control."
                where = ("origins", index)
                yield self.finding(component.id, origin.to, message=message, path=where, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Ask it by an origin access control."""
        return (set_property(finding.subject, ("origins", int(finding.detail[0]), "access"), "oac"),)


class PlainOrigin(ComponentRule):
    """An origin that is asked in clear text."""

    id = "CDN005"
    title = "Origin traffic in HTTP"
    severity = "warning"
    class_ = "security"
    kinds = KINDS
    reads = ("s3_bucket",)
    why = "What viewers send by HTTPS crosses the internet in clear text from the edge to the origin."
    fix = "Ask the origin by HTTPS alone."
    sources = (f"{GUIDE}using-https-cloudfront-to-custom-origin.html",)
    facts = ("cloudfront-ssl-01",)
    example_bad = (
        "components:\n  cdn: {kind: cdn, origins: [{id: app, to: app.example.net, protocol: http-only}],"
        " default: {origin: app}}\n"
    )
    example_good = example_bad.replace("http-only", "https-only")
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the protocol of each custom origin."""
        distribution = properties(component, CloudFrontDistributionProperties)
        for index, origin in enumerate(distribution.origins):
            bucket = as_kind(world, origin.to, S3BucketProperties)
            if bucket is None and origin.protocol != "https-only" and not origin.vpc_origin:
                message = f"{component.id} asks the origin {origin.id} by {origin.protocol}."
                where = ("origins", index, "protocol")
                yield self.finding(component.id, message=message, path=where, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Ask it by HTTPS."""
        return (set_property(finding.subject, ("origins", int(finding.detail[0]), "protocol"), "https-only"),)


class LoneOrigin(ComponentRule):
    """A default behaviour whose origin has no substitute."""

    id = "CDN006"
    title = "One origin without failover group"
    severity = "warning"
    class_ = "resilience"
    kinds = KINDS
    reads = ()
    why = "Where the origin is lost, everything that is not cached is lost with it."
    fix = "Add an origin group with a second origin, in another region for the loss of a region."
    sources = (f"{GUIDE}high_availability_origin_failover.html",)
    facts = ("cf_origin_group-choose-01", "cf_origin_group-failover-01")
    example_bad = _SITE.replace("{origin: both", "{origin: site")
    example_good = _SITE
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what the default behaviour asks."""
        distribution = properties(component, CloudFrontDistributionProperties)
        groups = {group.id for group in distribution.origin_groups}
        default = distribution.default
        if default and default.origin not in groups and origin_of(distribution, default.origin):
            message = f"{component.id} asks {default.origin} alone: nothing takes over where it is lost."
            yield self.finding(component.id, message=message, path=("default", "origin"))


class UnknownOrigin(ComponentRule):
    """A behaviour or group that names an origin the distribution does not have."""

    id = "CDN007"
    title = "Behavior targets an unknown origin or no default behavior"
    severity = "error"
    class_ = "correctness"
    kinds = KINDS
    reads = ()
    why = "Requests that the behaviour takes lead nowhere; CloudFront refuses such a distribution."
    fix = "Name an origin or an origin group of the distribution."
    sources = (f"{GUIDE}DownloadDistValuesCacheBehavior.html",)
    facts = ("cf_behavior-default-01", "cf_behavior-role-01")
    example_bad = _SITE.replace("{origin: both", "{origin: pages")
    example_good = _SITE
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the names."""
        distribution = properties(component, CloudFrontDistributionProperties)
        origins = {origin.id for origin in distribution.origins}
        known = origins | {group.id for group in distribution.origin_groups}
        if distribution.default is None:
            message = f"{component.id} has no default behaviour."
            yield self.finding(component.id, message=message, path=("default",))
        elif distribution.default.origin not in known:
            message = f"The default behaviour of {component.id} asks {distribution.default.origin}, which it lacks."
            yield self.finding(component.id, message=message, path=("default", "origin"))
        for index, behavior in enumerate(distribution.behaviors):
            if behavior.origin not in known:
                message = f"The behaviour {behavior.path} of {component.id} asks {behavior.origin}, which it lacks."
                yield self.finding(component.id, message=message, path=("behaviors", index, "origin"))
        for index, group in enumerate(distribution.origin_groups):
            for name in (group.primary, group.secondary):
                if name not in origins:
                    message = f"The origin group {group.id} of {component.id} names {name}, which it lacks."
                    yield self.finding(component.id, message=message, path=("origin_groups", index))
