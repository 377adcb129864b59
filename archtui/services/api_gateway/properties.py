"""Properties of APIs of API Gateway, named as its API names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from archtui.model.fields import Duration, Part, Percent, Port, Properties, Reference, Region
from archtui.services.permissions import PolicyText, RoleRef
from archtui.services.references import CertificateRef, SecurityGroupRef, SubnetIn

Target = Annotated[str, Reference((), "targets")]
"""What answers behind a route: a function, a balancer, a queue, a table, a state machine."""


class Throttle(Part):
    """How many requests a second are let through."""

    rate: Annotated[float, Field(ge=0)]
    """Requests a second."""
    burst: Annotated[int, Field(ge=0)] | None = None
    """Requests at once."""


class Authorizer(Part):
    """Who checks the callers of routes that name it."""

    name: str
    """Its name, by which routes name it."""
    type: Literal["COGNITO", "JWT", "LAMBDA", "IAM"]
    """A user pool's token (REST), any issuer's token (HTTP), a function's decision, or a signed request."""
    user_pool: Annotated[str, Reference(("cognito_user_pool",), "uses")] | None = None
    """The user pool that issues the tokens."""
    function: Annotated[str, Reference(("lambda_function",), "uses")] | None = None
    """The function that decides."""
    decision: Literal["allow", "deny"] = "allow"
    """What the function is taken to decide."""
    identity_header: str = "Authorization"
    """The header that holds the token."""
    sources: tuple[str, ...] = ()
    """What a REQUEST authorizer of a function looks at (``header.X-Key``, ``query.token``); without one of them the
    caller gets 401; left out: the token in ``identity_header`` (TOKEN)."""
    audience: tuple[str, ...] = ()
    """The app clients whose tokens a JWT authorizer takes; left out: any."""
    cached: Percent | None = None
    """The share of calls for which a function's earlier decision is still known, an assumption; left out: none."""
    cache_ttl: Annotated[Duration, Field(ge=0, le=3600)] = 300.0
    """Seconds a decision is kept; 0: it is asked each time."""


class ApiRoute(Part):
    """A method of a path, and what answers it."""

    path: str
    """``/orders/{id}``, ``/{proxy+}`` for everything below; ``$default``, ``$connect`` and the like."""
    method: str = "ANY"
    """The HTTP method."""
    to: Target | None = None
    """What answers; left out: ``uri``, or the gateway itself (MOCK)."""
    uri: str = ""
    """The URL of a server outside the design."""
    integration: Literal["AWS_PROXY", "AWS", "HTTP_PROXY", "HTTP", "MOCK"] | None = None
    """How it is asked; left out: AWS_PROXY for a function, HTTP_PROXY for a server, AWS for others."""
    action: str = ""
    """What an AWS service is asked for, as IAM names it (``sqs:SendMessage``)."""
    port: Port | None = None
    """The port of an HTTP integration; left out: the target's own, or 443."""
    asynchronous: bool = False
    """Whether a function is called without waiting for it (invocation type Event)."""
    timeout: Duration | None = None
    """Seconds until the gateway gives up; left out: 29 (REST, WebSocket) or 30 (HTTP). More than that only a REST API
    that is not edge-optimized may have."""
    duration: Duration | None = None
    """Seconds what answers usually takes; left out: as a function says of itself."""
    authorizer: str | None = None
    """The authorizer's name; left out: everybody may call it."""
    api_key_required: bool = False
    """Whether an API key of a usage plan must be sent (REST)."""
    required_headers: tuple[str, ...] = ()
    """Headers without which the request is refused (REST request validation)."""
    required_parameters: tuple[str, ...] = ()
    """Query parameters without which the request is refused (REST request validation)."""
    scopes: tuple[str, ...] = ()
    """Scopes of which a user's token must have one (Cognito, JWT)."""
    templates: tuple[str, ...] = ()
    """The content types of bodies that a mapping template is for (REST; AWS and HTTP)."""
    passthrough: Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"] = "WHEN_NO_MATCH"
    """When a body without a template is handed on as it is; otherwise the request gets 415."""
    throttle: Throttle | None = None
    """The route's own limit."""


class Canary(Part):
    """A second deployment that gets part of a stage's requests."""

    percent: Percent
    """That part: ``10%``."""
    instead: Mapping[str, Annotated[str, Reference((), "targets")]] = Field(default_factory=dict)
    """What answers there instead of what answers in the stage, by component."""


class Stage(Part):
    """A deployment of the API with settings of its own."""

    name: str
    """Its name; for a REST API the first part of the path: ``prod``."""
    deployed: bool = True
    """Whether something is deployed to it."""
    instead: Mapping[str, Annotated[str, Reference((), "targets")]] = Field(default_factory=dict)
    """What answers in this stage instead of what the routes name, by component (stage variables)."""
    throttle: Throttle | None = None
    """Its limit; left out: the account's 10,000 requests a second."""
    cache_size: Annotated[float, Field(ge=0)] | None = None
    """GB of cache, 0.5 to 237; left out: none (REST)."""
    cache_ttl: Duration = 300.0
    """Seconds an answer is kept; at most 3600."""
    cache_hits: Percent | None = None
    """The share of GET requests that the cache answers, an assumption; left out: none is shown."""
    cache_invalidation: Literal["REFUSE", "WARN", "OPEN"] = "WARN"
    """What is done with ``Cache-Control: max-age=0`` of those who may not invalidate: 403, the cached answer with a
    warning, or anybody may."""
    canary: Canary | None = None
    """A canary release."""


class UsagePlan(Part):
    """Who may call with which API key how fast (REST)."""

    name: str
    """Its name."""
    keys: tuple[str, ...] = ()
    """Its API keys, as callers send them in ``x-api-key``."""
    stages: tuple[str, ...] = ()
    """The stages it is for; left out: all."""
    throttle: Throttle | None = None
    """The limit of each key."""


class VpcLink(Part):
    """The gateway's way into a VPC: interfaces of its own, or a PrivateLink to Network Load Balancers (REST)."""

    subnets: tuple[SubnetIn, ...] = ()
    """The subnets of its interfaces: to Application and Network Load Balancers and to Cloud Map services."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The security groups of its interfaces."""
    balancers: tuple[Annotated[str, Reference(("network_load_balancer",), "uses")], ...] = ()
    """The Network Load Balancers that a REST API reaches without interfaces."""

    @model_validator(mode="after")
    def _one_way(self) -> VpcLink:
        if bool(self.subnets) == bool(self.balancers):
            raise ValueError("a VPC link has interfaces or leads to balancers; give either subnets or balancers")
        return self


class DomainMapping(Part):
    """What answers below a path of the custom domain."""

    path: str = ""
    """The first parts of the path, without slashes at the ends; empty: all the rest."""
    api: Annotated[str, Reference(("api_gateway",), "targets")] | None = None
    """The API that answers; left out: this one."""
    stage: str = ""
    """Its stage; left out: its first."""


class Sessions(Part):
    """How clients use the connections of a WebSocket API."""

    silence: Duration | None = None
    """The longest time without a message; after 10 minutes the gateway closes the connection."""
    length: Duration | None = None
    """How long a connection is to last; after 2 hours the gateway closes it."""


class ApiGatewayProperties(Properties):
    """An API: routes, and what answers them."""

    protocol: Literal["REST", "HTTP", "WEBSOCKET"] = "REST"
    """Which kind of API."""
    endpoint: Literal["edge", "regional", "private"] | None = None
    """By the nearest edge location, in the region, or from VPCs alone; left out: edge for REST, else regional."""
    routes: tuple[ApiRoute, ...] = ()
    """Its routes; the most specific one decides."""
    stages: tuple[Stage, ...] = ()
    """Its stages; left out: none for REST, ``$default`` for HTTP."""
    authorizers: tuple[Authorizer, ...] = ()
    """Who checks callers."""
    usage_plans: tuple[UsagePlan, ...] = ()
    """Its usage plans (REST)."""
    demand: Annotated[float, Field(ge=0)] | None = None
    """Requests a second to expect; left out: not stated, taken to be within the limits."""
    domain: str = ""
    """Its custom domain name; a record must point at the API."""
    domain_stage: str = ""
    """The stage behind the custom domain; left out: the first."""
    mappings: tuple[DomainMapping, ...] = ()
    """What answers below which path of the custom domain; left out: this API for all of it."""
    selection: str = "$request.body.action"
    """What in a message of a WebSocket API names its route; in a traced message a query parameter holds it."""
    sessions: Sessions | None = None
    """How long connections of a WebSocket API are silent and last; left out: within the limits."""
    certificate: CertificateRef | None = None
    """The certificate of the custom domain: in us-east-1 for an edge API, else in the API's region."""
    default_endpoint: bool = True
    """Whether the ``execute-api`` name answers too."""
    vpc_link: VpcLink | None = None
    """Its way to private balancers."""
    policy: PolicyText = ""
    """The resource policy; a private API answers nobody without one."""
    role: RoleRef | None = None
    """The role with which it calls AWS services."""
    waf: bool = False
    """Whether a web ACL protects it."""
    region: Region | None = None
    """The region; left out: the design's."""

    @property
    def endpoint_type(self) -> str:
        """The endpoint type with AWS's default."""
        return self.endpoint or ("edge" if self.protocol == "REST" else "regional")

    @property
    def all_stages(self) -> tuple[Stage, ...]:
        """The stages with AWS's default: an HTTP API deploys to ``$default`` by itself."""
        return self.stages or (() if self.protocol != "HTTP" else (Stage(name="$default"),))

    @property
    def selector(self) -> str:
        """The field of a message that names its route."""
        return self.selection.rpartition(".")[2]


__all__ = [
    "ApiGatewayProperties",
    "ApiRoute",
    "Authorizer",
    "Canary",
    "DomainMapping",
    "Sessions",
    "Stage",
    "Throttle",
    "UsagePlan",
    "VpcLink",
]
