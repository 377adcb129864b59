"""API001, API004, API005, API008: what answers an API, how fast, and what its stages hold."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.api_gateway.checks import ACCOUNT_RATE
from archtui.services.api_gateway.integrations import patience, seconds_of
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.api_gateway.rules.callers import ApiRule
from archtui.services.ec2.lookups import ends_of, public_address_of
from archtui.services.elb.properties import LoadBalancerProperties, NetworkLoadBalancerProperties
from archtui.services.examples import NETWORK
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import Wiring
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
SIZES = (0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118.0, 237.0)
"""GB that the cache of a stage may have (API Gateway API, "CacheClusterSize")."""
LONGEST_KEPT = 3600.0


class TooSlow(ApiRule):
    """A route whose answer comes after the gateway has given up."""

    id = "API001"
    title = "Backend slower than 29 s"
    severity = "error"
    class_ = "limits"
    why = "The gateway answers 504 after 29 s (HTTP APIs: 30 s), while what it asked works on for nobody."
    fix = "Call it asynchronously; a regional or private REST API may have its timeout raised."
    sources = (f"{_GUIDE}limits.html",)
    facts = ("api_gateway-timeout-01",)
    example_bad = """\
components:
  report: {kind: lambda_function, timeout: 2m, duration: 40s}
  api: {kind: api_gateway, protocol: HTTP, routes: [{path: /report, to: report}]}
"""
    example_good = example_bad.replace("to: report}", "to: report, asynchronous: true}")
    example_finds = ("api", "report")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare how long each backend takes, or may take, with the gateway's patience."""
        api = self.settings(component)
        for index, route in enumerate(api.routes):
            target = world.components.get(route.to or "")
            limit, seconds = patience(api, route), seconds_of(route, target)
            if route.asynchronous or route.path == "$disconnect":
                continue
            named = (component.id, target.id) if target else (component.id,)
            what = route.to or route.uri
            if seconds is not None and seconds > limit:
                text = f"{what} takes {seconds:g} s, and {component.id} gives up after {limit:g} s."
                yield self.finding(*named, message=text, path=("routes", index))
            function = as_kind(world, route.to, LambdaFunctionProperties)
            if seconds is None and function is not None and function.timeout > limit:
                text = f"{what} may run {function.timeout:g} s, and {component.id} gives up after {limit:g} s."
                yield self.finding(*named, message=text, path=("routes", index), severity="warning")


def is_private(world: World, name: str) -> bool:
    """Whether a server is known to have private addresses alone."""
    balancer = as_kind(world, name, LoadBalancerProperties)
    if balancer is not None:
        return balancer.scheme == "internal"
    kind = world.components[name].kind
    if kind.name == "ec2_instance":
        return public_address_of(world, name) is None
    return kind.family == "ecs" and world.placement(name).vpc is not None


def _linked(api: ApiGatewayProperties, name: str) -> bool:
    link = api.vpc_link
    return link is not None and (bool(link.subnets) or name in link.balancers)


_SERVED = (
    NETWORK
    + """\
  lb-sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: link-sg}]}
  link-sg: {kind: security_group, vpc: vpc}
  web: {kind: target_group, vpc: vpc, port: 80}
  lb: {kind: alb, scheme: internal, subnets: [app-a, app-b], security_groups: [lb-sg],
       listeners: [{port: 80, protocol: HTTP, forward: web}]}
  api: {kind: api_gateway, protocol: HTTP, routes: [{path: /shop, to: lb}]%s}
"""
)


def with_link(world: World, api: str, server: str) -> tuple[Edit, ...]:
    """Add interfaces beside the server, in a group that it admits; a REST API's way to an NLB is PrivateLink."""
    settings, ends = as_kind(world, api, ApiGatewayProperties), ends_of(world, server)
    if settings is None or settings.vpc_link is not None or not ends.subnets:
        return ()
    label = f"give {api} a VPC link to {server}"
    if settings.protocol == "REST" and as_kind(world, server, NetworkLoadBalancerProperties):
        return (join(label, (set_property(api, ("vpc_link",), {"balancers": [server]}),)),)
    wiring, group = Wiring(world), unused_id(world.components, f"{api}-link-sg")
    vpc = world.placement(server).vpc
    wiring.do(add_component(group, "security_group", {"vpc": vpc, "description": f"of the VPC link of {api}"}))
    subnets: list[Json] = list(ends.subnets)
    wiring.do(set_property(api, ("vpc_link",), {"subnets": subnets, "security_groups": [group]}))
    balancer = as_kind(world, server, LoadBalancerProperties)
    ports = [listener.port for listener in balancer.listeners] if balancer else [wiring.port(server, 80)]
    for port in ports if ends.groups else ():
        wiring.admit(server, port, group, f"from {api}")
    return (join(label, (wiring.proposal(label, "").edit,)),)


class NoLink(ApiRule):
    """A private server that an API asks without a VPC link."""

    id = "API004"
    title = "Private ALB backend without VPC link"
    severity = "error"
    class_ = "reachability"
    why = "The gateway stands outside the VPC: what has private addresses alone it reaches by a VPC link."
    fix = "Give the API a VPC link to the server's subnets."
    sources = (f"{_GUIDE}http-api-develop-integrations-private.html", f"{_GUIDE}set-up-private-integration.html")
    example_bad = _SERVED % ""
    example_good = _SERVED % ", vpc_link: {subnets: [app-a, app-b], security_groups: [link-sg]}"
    example_finds = ("api", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for private servers behind routes."""
        api = self.settings(component)
        for name in dict.fromkeys(route.to for route in api.routes if route.to in world.components):
            if name and is_private(world, name) and not _linked(api, name):
                text = f"{component.id} asks {name}, which has private addresses alone, without a VPC link to it."
                fixable = bool(with_link(world, component.id, name))
                yield self.finding(component.id, name, message=text, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the link."""
        return with_link(world, *finding.components)


class TooMany(ApiRule):
    """An API that is asked for more than its limits let through."""

    id = "API005"
    title = "Demand above stage or account throttle"
    severity = "warning"
    class_ = "performance"
    why = "What is over a limit is answered with 429."
    fix = "Raise the limit, or let a cache answer."
    sources = (f"{_GUIDE}api-gateway-request-throttling.html",)
    facts = ("api_gateway-throttling-01", "api_gateway-e429-01")
    example_bad = """\
components:
  api: {kind: api_gateway, demand: 500, routes: [{path: /ping}], stages: [{name: prod, throttle: {rate: 100}}]}
"""
    example_good = example_bad.replace("rate: 100", "rate: 1000")
    example_finds = ("api",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the demand with the lowest limit of each stage."""
        api = self.settings(component)
        limits = [(ACCOUNT_RATE, "the account")]
        limits += [(stage.throttle.rate, f"the stage {stage.name}") for stage in api.all_stages if stage.throttle]
        limit, whose = min(limits)
        if api.demand is not None and api.demand > limit:
            text = f"{component.id} is asked {api.demand:g} times a second; {whose} lets {limit:g} through."
            yield self.finding(component.id, message=text, path=("demand",))


class CacheOutOfBounds(ApiRule):
    """A stage cache of a size, or that keeps answers for a time, that there is not."""

    id = "API008"
    title = "Cache TTL above 3600 s or size outside 0.5-237 GB"
    severity = "error"
    class_ = "limits"
    reads = ()
    why = "API Gateway refuses the setting."
    fix = "Keep answers for an hour at most; take one of the sizes from 0.5 to 237 GB."
    sources = (f"{_GUIDE}api-gateway-caching.html",)
    facts = ("api_gateway_stage-cache-ttl-01", "api_gateway_stage-cache-size-01")
    example_bad = """\
components:
  api: {kind: api_gateway, routes: [{path: /ping}], stages: [{name: prod, cache_size: 300, cache_ttl: 2h}]}
"""
    example_good = example_bad.replace("300", "237").replace("2h", "1h")
    example_finds = ("api",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the caches."""
        for index, stage in enumerate(self.settings(component).stages):
            if stage.cache_size is None:
                continue
            wrong = [f"{stage.cache_size:g} GB"] if stage.cache_size not in SIZES else []
            wrong += [f"{stage.cache_ttl:g} s"] if stage.cache_ttl > LONGEST_KEPT else []
            if wrong:
                text = f"The cache of stage {stage.name} of {component.id} cannot have {' and '.join(wrong)}."
                yield self.finding(component.id, message=text, path=("stages", index), detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take the next size and the longest time."""
        api, index = as_kind(world, finding.subject, ApiGatewayProperties), int(finding.detail[0])
        if api is None:
            return ()
        stage, edits = api.stages[index], []
        size = stage.cache_size or SIZES[0]
        if size not in SIZES:
            fitting = min(SIZES, key=lambda known: (abs(known - size), known))
            edits.append(set_property(finding.subject, ("stages", index, "cache_size"), fitting))
        if stage.cache_ttl > LONGEST_KEPT:
            edits.append(set_property(finding.subject, ("stages", index, "cache_ttl"), "1h"))
        return (join(f"keep the cache of stage {stage.name} within bounds", edits),)
