"""API002, API003, API006, API007: who may call an API, and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.api_gateway.authorizers import FITTING, authorizer_of
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute
from archtui.services.examples import NETWORK
from archtui.services.lookups import each, zones_of
from archtui.services.regional import region_of, short_name
from archtui.services.screening import screen_of
from archtui.services.vpc.properties import SubnetProperties
from archtui.services.vpc_endpoints.properties import InterfaceEndpointProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"


class ApiRule(ComponentRule):
    """A rule about one API at a time."""

    kinds: ClassVar[tuple[str, ...]] = ("api_gateway",)
    reads: ClassVar[tuple[str, ...]] = EVERYTHING

    def settings(self, component: Component) -> ApiGatewayProperties:
        """Return the API's properties."""
        return properties(component, ApiGatewayProperties)


def _open(api: ApiGatewayProperties, route: ApiRoute) -> bool:
    """Whether anybody gets at something of the design by a route."""
    if route.authorizer is not None or route.api_key_required or route.method.upper() == "OPTIONS":
        return False
    if api.protocol == "WEBSOCKET" and route.path != "$connect":
        return False
    return bool(route.to or route.uri) and route.integration != "MOCK"


class AnybodyMayCall(ApiRule):
    """Routes that ask nobody who calls."""

    id = "API002"
    title = "Method without authorization"
    severity = "warning"
    class_ = "security"
    why = "Whoever finds the name can call it, as often as the limits let."
    fix = "Name an authorizer: IAM, a user pool, tokens of another issuer, or a function."
    sources = (f"{_GUIDE}apigateway-control-access-to-api.html",)
    facts = ("api_gateway_authorizer-cognito-01", "api_gateway_authorizer-iam-01")
    example_bad = """\
components:
  fn: {kind: lambda_function}
  api: {kind: api_gateway, protocol: HTTP, routes: [{path: /orders, to: fn}], authorizers: [{name: us, type: IAM}]}
"""
    example_good = example_bad.replace("to: fn}", "to: fn, authorizer: us}")
    example_finds = ("api", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for routes without an authorizer; a private API and one with a resource policy say who calls."""
        api = self.settings(component)
        if api.endpoint_type == "private" or api.policy:
            return
        bare = [route for route in api.routes if _open(api, route)]
        if bare:
            named = ", ".join(f"{route.method} {route.path}" for route in bare)
            targets = dict.fromkeys(route.to for route in bare if route.to)
            yield self.finding(component.id, *targets, message=f"Anybody may call {named} of {component.id}.")


_PRIVATE = (
    NETWORK
    + "  api: {kind: api_gateway, endpoint: private, stages: [{name: prod}], routes: [{path: /ping}]%s}\n"
    + "%s"
)
_POLICY = ", policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}"
_GATE = "  gate: {kind: interface_endpoint, vpc: vpc, service: execute-api, subnets: [app-a, app-b]}\n"


class PrivateUnreachable(ApiRule):
    """A private API that nobody can reach or that lets nobody in."""

    id = "API003"
    title = "Private API without interface endpoint or policy"
    severity = "error"
    class_ = "reachability"
    why = "A private API answers by interface endpoints for execute-api alone, and only those whom its policy lets in."
    fix = "Add an interface endpoint for execute-api and a resource policy that lets it in."
    sources = (f"{_GUIDE}apigateway-private-apis.html",)
    facts = ("api_gateway-private-01",)
    example_bad = _PRIVATE % ("", _GATE)
    example_good = _PRIVATE % (_POLICY, _GATE)
    example_finds = ("api", "gate")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for both."""
        api = self.settings(component)
        if api.endpoint_type != "private":
            return
        gates = _gates(component, world)
        if not gates:
            text = f"No VPC of the design has an interface endpoint for execute-api, so nobody reaches {component.id}."
            yield self.finding(component.id, message=text, fixable=bool(self._gate(world)), detail=("endpoint",))
        if not api.policy:
            text = f"{component.id} is private and has no resource policy: it answers nobody."
            yield self.finding(component.id, *gates, message=text, fixable=bool(gates), detail=("policy",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the endpoint, or a policy that lets it in."""
        if finding.detail == ("endpoint",):
            return self._gate(world)
        gates: list[Json] = list(finding.components[1:])
        if not gates:
            return ()
        statement: dict[str, Json] = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"StringEquals": {"aws:SourceVpce": gates}},
        }
        policy: Json = {"Version": "2012-10-17", "Statement": [statement]}
        edit = set_property(finding.subject, ("policy",), policy)
        return (join(f"let {', '.join(map(str, gates))} call {finding.subject}", (edit,)),)

    @staticmethod
    def _gate(world: World) -> tuple[Edit, ...]:
        """Return the endpoint in the only VPC of the design, with a subnet in each of its zones."""
        vpcs = [vpc.id for vpc in world.of_kind("vpc") if not vpc.implicit]
        if len(vpcs) != 1:
            return ()
        by_zone: dict[tuple[str, ...], str] = {}
        for subnet, settings in each(world, SubnetProperties):
            if settings.vpc == vpcs[0]:
                by_zone[zones_of(world, (subnet.id,))] = subnet.id
        subnets: list[Json] = list(by_zone.values())
        name = unused_id(world.components, "to-apis")
        made = add_component(
            name, "interface_vpc_endpoint", {"vpc": vpcs[0], "service": "execute-api", "subnets": subnets}
        )
        return (made,)


def _gates(api: Component, world: World) -> tuple[str, ...]:
    """Return the interface endpoints for execute-api in the API's region."""
    region = region_of(api, world)
    return tuple(
        endpoint.id
        for endpoint in world.of_kind("interface_vpc_endpoint")
        if isinstance(endpoint.properties, InterfaceEndpointProperties)
        and short_name(endpoint.properties.service) == "execute-api"
        and world.placement(endpoint.properties.vpc).region == region
    )


class NotCallable(ApiRule):
    """An API with routes that nothing is deployed of, or whose authorizers do not fit."""

    id = "API006"
    title = "Stage without deployment or authorizer of another API"
    severity = "error"
    class_ = "correctness"
    why = "What is not deployed to a stage does not answer; a route whose authorizer is not there fails with 500."
    fix = "Deploy the API to a stage; name an authorizer of this API, of a type that it knows."
    sources = (f"{_GUIDE}how-to-deploy-api.html", f"{_GUIDE}apigateway-control-access-to-api.html")
    facts = ("api_gateway_stage-deploy-01",)
    example_bad = "components:\n  api: {kind: api_gateway, routes: [{path: /ping}]}\n"
    example_good = "components:\n  api: {kind: api_gateway, routes: [{path: /ping}], stages: [{name: prod}]}\n"
    example_finds = ("api",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at stages and at the authorizers of routes."""
        api = self.settings(component)
        if api.routes and not any(stage.deployed for stage in api.all_stages):
            text = f"{component.id} is deployed to no stage, so none of its routes answers."
            yield self.finding(component.id, message=text)
        for index, route in enumerate(api.routes):
            if route.authorizer is None:
                continue
            found = authorizer_of(api, route)
            path = ("routes", index, "authorizer")
            if found is None:
                text = f"{component.id} has no authorizer {route.authorizer}, which {route.path} names."
                yield self.finding(component.id, message=text, path=path)
            elif found[1].type not in FITTING[api.protocol]:
                known = ", ".join(FITTING[api.protocol])
                text = f"{found[1].name} is a {found[1].type} authorizer; {api.protocol} APIs know {known}."
                yield self.finding(component.id, message=text, path=path)


class NoWebAcl(ApiRule):
    """A public REST API that nothing stands in front of."""

    id = "API007"
    title = "Public API without WAF"
    severity = "warning"
    class_ = "security"
    why = "Injections, scans and floods of requests come through to what answers the routes."
    fix = "Put a web ACL in front of its stages."
    sources = ("https://docs.aws.amazon.com/waf/latest/developerguide/waf-chapter.html",)
    facts = ("api_gateway-waf-01",)
    example_bad = "components:\n  api: {kind: api_gateway, stages: [{name: prod}], routes: [{path: /ping}]}\n"
    example_good = example_bad + "  acl: {kind: web_acl, protects: [api], rules: []}\n"
    example_finds = ("api",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a web ACL; those of HTTP and WebSocket APIs stand in front of their distributions."""
        api = self.settings(component)
        if api.protocol != "REST" or api.endpoint_type == "private" or api.waf:
            return
        if screen_of(world, component.id) is None:
            yield self.finding(component.id, message=f"No web ACL stands in front of {component.id}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add one with the managed rules that AWS suggests for a start."""
        rule: Json = {"name": "common", "priority": 0, "managed": "AWSManagedRulesCommonRuleSet"}
        name = unused_id(world.components, f"{finding.subject}-acl")
        return (add_component(name, "web_acl", {"protects": [finding.subject], "rules": [rule]}),)
