"""CDN001, CDN004, CDN008-CDN013: what viewers meet at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from archtui.check.finding import Finding
from archtui.check.rule import JOURNEYS, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.model.operations import Path
from archtui.services.cloudfront.functions import restriction
from archtui.services.cloudfront.origins import origin_of
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties, DefaultBehavior
from archtui.services.cloudfront.rules.origins import GUIDE, KINDS
from archtui.services.cloudfront.trace import CERTIFICATES
from archtui.services.cloudfront.vpc_origins import hindrance
from archtui.services.lookups import as_kind
from archtui.services.route53.lookups import names_of
from archtui.services.s3.properties import S3BucketProperties
from archtui.world.world import World

_SITE = """\
components:
  site: {kind: s3}
  cert: {kind: certificate, domain: www.example.com, region: us-east-1}
  edge: {kind: lambda_function}
  cdn:
    kind: cdn
    aliases: [www.example.com]
    certificate: cert
    origins: [{id: site, to: site, access: oac}]
    default:
      origin: site
      viewer_protocol: redirect-to-https
      cache: {query: [page]}
      functions: [{event: origin-request, function: edge}]
"""


def _behaviors(distribution: CloudFrontDistributionProperties) -> Iterator[tuple[str, DefaultBehavior, Path]]:
    if distribution.default is not None:
        yield "The default behaviour", distribution.default, ("default",)
    for index, behavior in enumerate(distribution.behaviors):
        yield f"The behaviour {behavior.path}", behavior, ("behaviors", index)


class CertificateElsewhere(ComponentRule):
    """A certificate of another region than CloudFront reads."""

    id = "CDN001"
    title = "Certificate not in us-east-1"
    severity = "error"
    class_ = "correctness"
    kinds = KINDS
    reads = ("certificate",)
    why = "CloudFront reads certificates from us-east-1 alone, wherever the rest of the design is."
    fix = "Issue the certificate in us-east-1."
    sources = (f"{GUIDE}cnames-and-https-requirements.html",)
    facts = ("cloudfront-ssl-domain-01",)
    example_bad = _SITE.replace("us-east-1", "eu-west-1")
    example_good = _SITE
    example_finds = ("cdn", "cert")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look where the certificate is."""
        name = properties(component, CloudFrontDistributionProperties).certificate
        if name is None or world.components[name].kind.stands_in:
            return
        region = world.placement(name).region
        if region != CERTIFICATES:
            message = f"The certificate {name} of {component.id} is in {region}."
            yield self.finding(component.id, name, message=message, path=("certificate",))


class PlainViewers(ComponentRule):
    """Viewers who may come in clear text."""

    id = "CDN004"
    title = "Viewer HTTP allowed"
    severity = "warning"
    class_ = "security"
    kinds = KINDS
    reads = ()
    why = "Whoever is between the viewer and the edge reads and changes what is sent."
    fix = "Redirect HTTP to HTTPS."
    sources = (f"{GUIDE}using-https-viewers-to-cloudfront.html",)
    facts = ("cloudfront-ssl-01",)
    example_bad = _SITE.replace("redirect-to-https", "allow-all")
    example_good = _SITE
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at every behaviour."""
        for name, behavior, path in _behaviors(properties(component, CloudFrontDistributionProperties)):
            if behavior.viewer_protocol == "allow-all":
                message = f"{name} of {component.id} takes plain HTTP."
                where = (*path, "viewer_protocol")
                yield self.finding(component.id, message=message, path=where, detail=where)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Redirect."""
        return (set_property(finding.subject, finding.detail, "redirect-to-https"),)


class WideKey(ComponentRule):
    """A cache key with everything in it."""

    id = "CDN008"
    title = "Cache key includes all headers, cookies or queries"
    severity = "warning"
    class_ = "performance"
    kinds = KINDS
    reads = ()
    why = "Hardly two requests are the same then, so that nearly each of them goes to the origin."
    fix = "Put into the key what changes the answer, and send the rest by an origin request policy."
    sources = (f"{GUIDE}understanding-the-cache-key.html",)
    facts = ("cloudfront-key-02", "cloudfront-policy-01")
    example_bad = _SITE.replace("query: [page]", "query: all")
    example_good = _SITE
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what counts."""
        parts: tuple[Literal["headers", "cookies", "query"], ...] = ("headers", "cookies", "query")
        for name, behavior, path in _behaviors(properties(component, CloudFrontDistributionProperties)):
            wide = [part for part in parts if getattr(behavior.cache, part) == "all"]
            if behavior.cache.enabled and wide:
                message = f"{name} of {component.id} has all of {' and '.join(wide)} in its cache key."
                yield self.finding(component.id, message=message, path=(*path, "cache", wide[0]))


class NotHttp(ComponentRule):
    """A journey that asks a distribution for something other than HTTP."""

    id = "CDN011"
    title = "UDP, TCP or fixed addresses asked from CloudFront"
    severity = "error"
    class_ = "correctness"
    kinds = KINDS
    reads = (JOURNEYS, "record", "hosted_zone")
    why = "CloudFront serves HTTP and HTTPS; other protocols and fixed addresses are Global Accelerator's."
    fix = "Put a Global Accelerator there, or ask by HTTP."
    sources = ("https://docs.aws.amazon.com/global-accelerator/latest/dg/what-is-global-accelerator.html",)
    facts = ("cloudfront-vs-ga-01", "global_accelerator-choose-01")
    example_bad = (
        _SITE.replace("  edge:", "  zone: {kind: hosted_zone, name: example.com}\n  edge:").replace(
            "  edge:", "  www: {kind: record, zone: zone, name: www, alias: cdn}\n  edge:"
        )
        + "journeys: [{name: A game, from: internet, to: www.example.com, protocol: udp, port: 4000, reaches: cdn}]\n"
    )
    example_good = example_bad.replace("protocol: udp, port: 4000", "protocol: https")
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the journeys that end at one of its names."""
        names = {component.id, *names_of(world, component.id)}
        for journey in world.blueprint.journeys:
            plain = journey.protocol in ("tcp", "udp") and journey.port not in (80, 443)
            if journey.to in names and (plain or journey.protocol == "udp"):
                message = f"{journey.name!r} asks {component.id} for {journey.protocol} {journey.port or ''}.".replace(
                    " .", "."
                )
                yield self.finding(component.id, message=message)


class HeavyEdgeFunction(ComponentRule):
    """A function at the edge that uses what it does not have there."""

    id = "CDN012"
    title = "Edge function uses VPC, layers or unsupported runtime"
    severity = "error"
    class_ = "limits"
    kinds = KINDS
    reads = ("lambda_function",)
    why = "Lambda@Edge is Node.js or Python of us-east-1 in no VPC; CloudFront functions run at viewer events alone."
    fix = "Take out what it cannot have at the edge, or do the work behind the origin."
    sources = (
        f"{GUIDE}lambda-at-edge-function-restrictions.html",
        f"{GUIDE}edge-functions-choosing.html",
    )
    facts = ("lambda_edge-runtime-01", "lambda_edge-limits-01")
    example_bad = _SITE.replace(
        "  edge: {kind: lambda_function}", "  edge: {kind: lambda_function, subnets: [app-a]}"
    ).replace(
        "components:\n",
        "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n",
    )
    example_good = _SITE
    example_finds = ("cdn", "edge")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the functions of each behaviour."""
        for _, behavior, path in _behaviors(properties(component, CloudFrontDistributionProperties)):
            for index, function in enumerate(behavior.functions):
                why = restriction(function, world)
                if why:
                    message = f"A function at the edge of {component.id} cannot run at the {function.event}: {why}."
                    named = (component.id, function.function) if function.function else (component.id,)
                    yield self.finding(*named, message=message, path=(*path, "functions", index))


class CachedUploads(ComponentRule):
    """A path for uploads with a cache in front of it."""

    id = "CDN009"
    title = "Uploads expected to be cached"
    severity = "warning"
    class_ = "correctness"
    kinds = KINDS
    reads = ("s3_bucket",)
    why = "CloudFront caches answers to reads alone; every upload goes on to the origin."
    fix = "Switch the cache off where clients write, or let them write to the origin or to S3 Transfer Acceleration."
    sources = (f"{GUIDE}HowCloudFrontWorks.html", f"{GUIDE}DownloadDistValuesCacheBehavior.html")
    facts = ("cloudfront-write-01",)
    example_bad = _SITE.replace("query: [page]", "enabled: true").replace(
        "functions: [{event: origin-request, function: edge}]",
        "methods: all\n      hit_ratio: 0.9",
    )
    example_good = example_bad.replace("enabled: true", "enabled: false")
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at behaviours that take writes for a bucket, or whose path says so, and count on the cache."""
        distribution = properties(component, CloudFrontDistributionProperties)
        for name, behavior, path in _behaviors(distribution):
            if behavior.methods != "all" or not behavior.cache.enabled or behavior.hit_ratio is None:
                continue
            origin = origin_of(distribution, behavior.origin)
            bucket = as_kind(world, origin.to, S3BucketProperties) if origin else None
            if bucket is not None or "upload" in getattr(behavior, "path", "").lower():
                share = f"{behavior.hit_ratio * 100:.4g} %"
                message = f"{name} of {component.id} takes writes and counts on {share} hits; writes are never cached."
                yield self.finding(component.id, message=message, path=(*path, "cache"))


class WholeSiteInvalidated(ComponentRule):
    """A site that is invalidated as a whole."""

    id = "CDN010"
    title = "Frequent whole-site invalidations"
    severity = "info"
    class_ = "cost"
    kinds = KINDS
    reads = ()
    why = "Each object is then asked of the origin again, and invalidations beyond the first thousand paths cost money."
    fix = "Give changed files new names (a version or a hash), and invalidate the page that names them."
    sources = (f"{GUIDE}Invalidation.html", f"{GUIDE}UpdatingExistingObjects.html")
    facts = ("cloudfront-versioned-01", "cloudfront-invalidation-01")
    example_bad = _SITE.replace("    default:", "    invalidated: ['/*']\n    default:")
    example_good = example_bad.replace("'/*'", "/index.html")
    example_finds = ("cdn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the pattern of everything."""
        for index, path in enumerate(properties(component, CloudFrontDistributionProperties).invalidated):
            if path in ("/*", "*"):
                message = f"{component.id} is invalidated as a whole ({path})."
                yield self.finding(component.id, message=message, path=("invalidated", index))


class UnusableVpcOrigin(ComponentRule):
    """A VPC origin that CloudFront cannot ask."""

    id = "CDN013"
    title = "VPC origin that cannot be one"
    severity = "error"
    class_ = "reachability"
    kinds = KINDS
    why = "CloudFront refuses such an origin, so its requests end with 504."
    fix = "Attach an internet gateway to the VPC, make the balancer internal, and give it a security group."
    sources = (f"{GUIDE}private-content-vpc-origins.html",)
    facts = ("cloudfront-origin-public-01",)
    example_bad = (
        "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
        "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}\n"
        "  lb: {kind: alb, scheme: internal, subnets: [app-a, app-b]}\n"
        "  cdn: {kind: cdn, origins: [{id: app, to: lb, vpc_origin: true}], default: {origin: app}}\n"
    )
    example_good = example_bad + "  igw: {kind: igw, vpc: vpc}\n"
    example_finds = ("cdn", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what each VPC origin is, and at its VPC."""
        for index, origin in enumerate(properties(component, CloudFrontDistributionProperties).origins):
            why = hindrance(origin, world) if origin.vpc_origin else ""
            known = (origin.to,) if origin.to in world.components else ()
            if why and not (known and world.components[origin.to].kind.stands_in):
                message = f"The VPC origin {origin.id} of {component.id} cannot be asked: {why}."
                yield self.finding(component.id, *known, message=message, path=("origins", index))
