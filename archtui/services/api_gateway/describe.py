"""Reading APIs from ``aws apigateway get-rest-apis`` and ``aws apigatewayv2 get-apis`` (or those for one API).

What belongs to an API the other commands give without its id; it is read where the input puts it into lists that
name it: ``RestApiResources``, ``RestApiStages`` and ``RestApiAuthorizers`` (``[{restApiId, items}]``, resources with
``--embed methods``), ``HttpApiRoutes``, ``HttpApiIntegrations``, ``HttpApiStages`` and ``HttpApiAuthorizers``
(``[{ApiId, Items}]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
    value,
)
from archtui.model.component import Json
from archtui.services.arns import function_in, named, outside

_SERVICE = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:(?P<service>[\w-]+):(?P<how>path|action)/(?P<rest>.*)")
_KINDS = {"AWS_PROXY", "AWS", "HTTP_PROXY", "HTTP", "MOCK"}
_REST_AUTH = {"TOKEN": "LAMBDA", "REQUEST": "LAMBDA", "COGNITO_USER_POOLS": "COGNITO"}
_HTTP_AUTH = {"JWT": "JWT", "REQUEST": "LAMBDA"}


def _below(inventory: Inventory, key: str, mark: str, api: str, inner: str) -> Iterator[Data]:
    for record in inventory.of(key):
        if text(record.data, mark) == api:
            yield from items(record.data, inner)


def _integration(data: Data, upper: bool, beyond: dict[str, str]) -> dict[str, Json]:
    """Return what answers: a function, an AWS service, a server."""
    kind = text(data, "IntegrationType" if upper else "type")
    uri = text(data, "IntegrationUri" if upper else "uri")
    found = given(integration=kind if kind in _KINDS else None)
    function = function_in(uri)
    service = _SERVICE.fullmatch(uri)
    if function:
        beyond |= outside((function,), "function")
        found["to"] = function
    elif service and service["service"] == "sqs" and service["how"] == "path":
        queue = service["rest"].rpartition("/")[2]
        beyond |= outside((queue,), "queue")
        found |= {"to": queue, "action": "sqs:SendMessage"}
    elif service:
        call = service["rest"].rpartition("/")[2]
        found |= given(action=f"{service['service']}:{call}" if service["how"] == "action" else None)
    elif ":elasticloadbalancing:" in uri:
        balancer = "-".join(uri.rpartition(":listener/")[2].split("/")[1:3])
        beyond |= outside((balancer,), "load balancer")
        found["to"] = balancer
    elif "://" in uri:
        found["uri"] = uri
    milliseconds = number(data, "TimeoutInMillis" if upper else "timeoutInMillis")
    return found | given(timeout=milliseconds / 1000 if milliseconds else None)


class DescribesApi(Describes):
    """A REST, HTTP or WebSocket API."""

    keys = ("items", "Items")
    details = (
        "RestApiResources",
        "RestApiStages",
        "RestApiAuthorizers",
        "HttpApiRoutes",
        "HttpApiIntegrations",
        "HttpApiStages",
        "HttpApiAuthorizers",
    )
    wholes = (("apiKeySource", "items"), ("ProtocolType", "Items"))

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and bool(
            {"apiKeySource", "endpointConfiguration", "ProtocolType", "resourceMethods", "RouteKey"} & set(record.data)
        )

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if "resourceMethods" in data or "RouteKey" in data:
            raise UnusableError("it names no API; put it into RestApiResources or HttpApiRoutes with the API's id")
        yield _http_api(data, inventory) if "ProtocolType" in data else _rest_api(data, inventory)


def _rest_api(data: Data, inventory: Inventory) -> Described:
    api, beyond, notes = need(data, "id"), dict[str, str](), list[str]()
    kinds = texts(data, "endpointConfiguration.types")
    authorizers: list[Json] = []
    names: dict[str, str] = {}
    for row in _below(inventory, "RestApiAuthorizers", "restApiId", api, "items"):
        pools = [named(arn) for arn in texts(row, "providerARNs")]
        function = function_in(text(row, "authorizerUri"))
        beyond |= outside(pools, "user pool") | outside((function,), "function")
        names[text(row, "id")] = text(row, "name")
        authorizers.append(
            given(
                name=text(row, "name"),
                type=_REST_AUTH.get(text(row, "type"), "LAMBDA"),
                user_pool=next(iter(pools), None),
                function=function,
                cache_ttl=number(row, "authorizerResultTtlInSeconds"),
            )
        )
    routes: list[Json] = []
    for row in _below(inventory, "RestApiResources", "restApiId", api, "items"):
        methods = row.get("resourceMethods")
        for method, settings in sorted(methods.items()) if isinstance(methods, dict) else ():
            if isinstance(settings, dict):
                routes.append(_rest_route(text(row, "path"), method, settings, names, authorizers, beyond))
    stages: list[Json] = []
    covered = False
    for row in _below(inventory, "RestApiStages", "restApiId", api, "item"):
        stages.append(_rest_stage(row))
        covered = covered or bool(text(row, "webAclArn"))
    if not routes:
        notes.append("its resources are not in the input (RestApiResources)")
    if not stages:
        notes.append("its stages are not in the input (RestApiStages)")
    policy = text(data, "policy").replace('\\"', '"')
    properties = given(
        label=text(data, "name"),
        protocol="REST",
        endpoint=kinds[0].lower() if kinds else None,
        policy=policy,
        default_endpoint=False if flag(data, "disableExecuteApiEndpoint") else None,
        waf=covered or None,
    )
    properties |= {"routes": routes, "stages": stages, "authorizers": authorizers}
    return Described(api, properties, notes=tuple(notes), outside=beyond)


def _rest_route(
    path: str, method: str, data: Data, names: dict[str, str], authorizers: list[Json], beyond: dict[str, str]
) -> Json:
    how = value(data, "methodIntegration")
    wanted = value(data, "requestParameters")
    needed = [name for name, on in wanted.items() if on is True] if isinstance(wanted, dict) else []
    headers = [name.rpartition(".header.")[2] for name in needed if ".header." in name]
    queries = [name.rpartition(".querystring.")[2] for name in needed if ".querystring." in name]
    authorizer = names.get(text(data, "authorizerId"))
    if text(data, "authorizationType") == "AWS_IAM":
        authorizer = _by_iam(authorizers)
    found = given(
        path=path,
        method=method,
        authorizer=authorizer,
        api_key_required=flag(data, "apiKeyRequired") or None,
    )
    found |= {"required_headers": listed(headers)} if headers else {}
    found |= {"required_parameters": listed(queries)} if queries else {}
    scopes = texts(data, "authorizationScopes")
    found |= {"scopes": listed(scopes)} if scopes else {}
    return found | (_integration(how, False, beyond) if isinstance(how, dict) else {})


def _by_iam(authorizers: list[Json]) -> str:
    """Return the name of the authorizer that stands for IAM, which AWS gives none."""
    if not any(isinstance(row, dict) and row.get("name") == "IAM" for row in authorizers):
        authorizers.append({"name": "IAM", "type": "IAM"})
    return "IAM"


def _rest_stage(row: Data) -> Json:
    settings = row.get("methodSettings")
    usual = settings.get("*/*") if isinstance(settings, dict) else None
    usual = usual if isinstance(usual, dict) else {}
    cached = flag(row, "cacheClusterEnabled")
    size = text(row, "cacheClusterSize")
    percent = value(row, "canarySettings.percentTraffic")
    rate = usual.get("throttlingRateLimit")
    found = given(
        name=text(row, "stageName"),
        deployed=None if text(row, "deploymentId") else False,
        cache_size=float(size) if cached and size else None,
        cache_ttl=number(usual, "cacheTtlInSeconds") if cached else None,
    )
    if isinstance(rate, int | float) and not isinstance(rate, bool):
        found["throttle"] = given(rate=rate, burst=number(usual, "throttlingBurstLimit"))
    if isinstance(percent, int | float) and percent > 0:
        found["canary"] = {"percent": f"{percent:g}%"}
    return found


def _http_api(data: Data, inventory: Inventory) -> Described:
    api, beyond, notes = need(data, "ApiId"), dict[str, str](), list[str]()
    protocol = text(data, "ProtocolType")
    authorizers: list[Json] = []
    names: dict[str, str] = {}
    for row in _below(inventory, "HttpApiAuthorizers", "ApiId", api, "Items"):
        function = function_in(text(row, "AuthorizerUri"))
        issuer = text(row, "JwtConfiguration.Issuer")
        pool = issuer.rpartition("/")[2] if "cognito-idp" in issuer else ""
        beyond |= outside((function,), "function") | outside((pool,), "user pool")
        names[text(row, "AuthorizerId")] = text(row, "Name")
        found = given(
            name=text(row, "Name"),
            type=_HTTP_AUTH.get(text(row, "AuthorizerType"), "LAMBDA"),
            function=function,
            user_pool=pool,
        )
        audience = texts(row, "JwtConfiguration.Audience")
        authorizers.append(found | ({"audience": listed(audience)} if audience else {}))
    answers = {
        text(row, "IntegrationId"): row for row in _below(inventory, "HttpApiIntegrations", "ApiId", api, "Items")
    }
    routes: list[Json] = []
    for row in _below(inventory, "HttpApiRoutes", "ApiId", api, "Items"):
        method, _, path = text(row, "RouteKey").rpartition(" ")
        authorizer = names.get(text(row, "AuthorizerId"))
        if text(row, "AuthorizationType") == "AWS_IAM":
            authorizer = _by_iam(authorizers)
        found = given(path=path, method=method or None, authorizer=authorizer)
        scopes = texts(row, "AuthorizationScopes")
        found |= {"scopes": listed(scopes)} if scopes else {}
        answer = answers.get(text(row, "Target").rpartition("/")[2], {})
        routes.append(found | _integration(answer, True, beyond))
    stages: list[Json] = []
    for row in _below(inventory, "HttpApiStages", "ApiId", api, "Items"):
        rate = value(row, "DefaultRouteSettings.ThrottlingRateLimit")
        deployed = flag(row, "AutoDeploy") or bool(text(row, "DeploymentId"))
        stage = given(name=text(row, "StageName"), deployed=None if deployed else False)
        if isinstance(rate, int | float) and rate:
            stage["throttle"] = {"rate": rate}
        stages.append(stage)
    if not routes:
        notes.append("its routes are not in the input (HttpApiRoutes)")
    properties = given(
        label=text(data, "Name"),
        protocol=protocol,
        default_endpoint=False if flag(data, "DisableExecuteApiEndpoint") else None,
        selection=text(data, "RouteSelectionExpression") if protocol == "WEBSOCKET" else None,
    )
    properties |= {"routes": routes, "authorizers": authorizers} | ({"stages": stages} if stages else {})
    return Described(api, properties, notes=tuple(notes), outside=beyond)
