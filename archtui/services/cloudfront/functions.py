"""What functions at the edge do with a request: CloudFront functions and Lambda@Edge."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.services.cloudfront.properties import DefaultBehavior, EdgeFunction
from archtui.services.elb.matching import like
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.trace import codes
from archtui.trace.interface import Walk, hop
from archtui.trace.message import Http
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the functions of one event made of a request."""

    http: Http
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    """The status with which the request ends here."""
    redirect: str = ""
    origin: str = ""
    """The id of the origin that a function chose."""

    @property
    def ends(self) -> bool:
        """Whether the request ends at a function."""
        return self.status is not None


def run(
    component: Component, behavior: DefaultBehavior, place: tuple[str | int, ...], event: str, http: Http, walk: Walk
) -> Outcome:
    """Run what a behaviour has for ``event``.

    Source: facts cloudfront_function-events-01, lambda_edge-events-01; CloudFront Developer Guide, "HTTP status
    codes 502 and 503" (LambdaExecutionError, FunctionExecutionError).
    """
    outcome = Outcome(http)
    for index, function in enumerate(behavior.functions):
        if function.event != event or not any(like(pattern, outcome.http.path) for pattern in function.paths):
            continue
        rule = RuleRef(component.id, f"{event} {_name(function)}", (*place, "functions", index))
        outcome = _ran(component, function, rule, outcome, walk)
        if outcome.ends:
            break
    return outcome


def response_outcome(
    component: Component, behavior: DefaultBehavior, place: tuple[str | int, ...], event: str, http: Http, walk: Walk
) -> Outcome:
    """Run what a behaviour has for a response event.

    Functions at the viewer's response are not run for an answer of 400 or more (CloudFront Developer Guide,
    "Restrictions on edge functions"), which the step says.
    """
    outcome = Outcome(http)
    for index, function in enumerate(behavior.functions):
        if function.event != event or not any(like(pattern, http.path) for pattern in function.paths):
            continue
        rule = RuleRef(component.id, f"{event} {_name(function)}", (*place, "functions", index))
        if function.does in ("pass", "rewrite") and not hindrance(function, walk):
            below = ", where the origin's status is below 400" if event == "viewer-response" else ""
            text = f"The {_name(function)} runs at the {event}, on the way back{below}."
            facts = ("lambda_edge-events-01",) if function.function else ("cloudfront_function-events-01",)
            step = Step("service", Action.FORWARD, "", text, rule, before={"path": http.path}, facts=facts)
            outcome = replace(outcome, hops=(*outcome.hops, hop(component, step)))
            continue
        outcome = _ran(component, function, rule, outcome, walk)
        if outcome.ends:
            break
    return outcome


_SECONDS = {"viewer-request": 5.0, "viewer-response": 5.0, "origin-request": 30.0, "origin-response": 30.0}
"""How long a function of Lambda@Edge may run (CloudFront Developer Guide, "Quotas on Lambda@Edge")."""
VIEWER_MEMORY = 128
"""MB that a function of Lambda@Edge has at the viewer's events (same page)."""


def restriction(function: EdgeFunction, world: World) -> str:
    """Say why AWS does not let a function stand where it does, a clause; empty: it does.

    Sources: CloudFront Developer Guide, "Restrictions on Lambda@Edge" (a function of us-east-1, no VPC, no layers, no
    container image, 128 MB at the viewer's events) and "Differences between CloudFront Functions and Lambda@Edge" (the
    viewer's events alone).
    """
    if function.function is None:
        return "CloudFront functions run at the viewer's events alone" if function.event.startswith("origin") else ""
    properties = world.components[function.function].properties
    if not isinstance(properties, LambdaFunctionProperties):
        return ""
    name, region = function.function, world.placement(function.function).region
    viewer = function.event.startswith("viewer")
    found = (
        (region not in ("", "us-east-1"), f"{name} is in {region}, and functions at the edge are of us-east-1"),
        (bool(properties.subnets), f"{name} is in a VPC, and functions at the edge are in none"),
        (bool(properties.layers), f"{name} has layers, and functions at the edge have none"),
        (properties.package == "image", f"{name} is a container image, and functions at the edge are none"),
        (not properties.runtime.startswith(("nodejs", "python")), f"{name} runs {properties.runtime}"),
        (viewer and properties.memory > VIEWER_MEMORY, f"{name} has more than the {VIEWER_MEMORY} MB of viewer events"),
    )
    return next((why for holds, why in found if holds), "")


def hindrance(function: EdgeFunction, walk: Walk) -> str:
    """Say why a function does not do its work, a clause; empty: it does."""
    why = restriction(function, walk.world)
    if why or function.function is None:
        return why
    component = walk.world.components[function.function]
    properties = component.properties
    if walk.is_down(component.id):
        return f"{component.id} is down"
    if not isinstance(properties, LambdaFunctionProperties):
        return ""
    if properties.outcome != "returns":
        return f"the code of {component.id} fails"
    takes = min(properties.timeout, _SECONDS[function.event])
    if properties.duration is not None and properties.duration > takes:
        return f"{component.id} takes {properties.duration:g} s and is ended after {takes:g} s"
    return ""


def _name(function: EdgeFunction) -> str:
    return f"Lambda@Edge {function.function}" if function.function else "CloudFront function"


def _ran(component: Component, function: EdgeFunction, rule: RuleRef, before: Outcome, walk: Walk) -> Outcome:
    http, name = before.http, _name(function)
    facts = ("lambda_edge-events-01",) if function.function else ("cloudfront_function-events-01",)

    def told(action: Action, code: str, text: str) -> tuple[Hop, ...]:
        step = Step("service", action, code, text, rule, before={"path": http.path}, facts=facts)
        return (*before.hops, hop(component, step))

    why = hindrance(function, walk)
    if function.does == "fail" or why:
        because = f": {why}" if why else ""
        text = f"The {name} fails at the {function.event}, and the request with it (503){because}."
        return replace(before, hops=told(Action.DENY, codes.CLOUDFRONT_FUNCTION_FAILED, text), status=503)
    if function.does == "redirect":
        text = f"The {name} sends the viewer to {function.url} ({function.status})."
        hops = told(Action.ANSWER, codes.CLOUDFRONT_FUNCTION_ANSWERS, text)
        return replace(before, hops=hops, status=function.status, redirect=function.url)
    if function.does == "respond":
        action = Action.DENY if function.status >= 400 else Action.ANSWER
        text = f"The {name} answers by itself with HTTP {function.status}."
        return replace(before, hops=told(action, codes.CLOUDFRONT_FUNCTION_ANSWERS, text), status=function.status)
    if function.does == "rewrite":
        path = function.path.replace("*", http.path) if function.path else http.path
        chosen = f" and chooses the origin {function.origin}" if function.origin else ""
        hops = told(Action.TRANSLATE, "", f"The {name} makes {path} of {http.path}{chosen}.")
        return replace(before, http=replace(http, path=path), hops=hops, origin=function.origin or before.origin)
    return replace(before, hops=told(Action.FORWARD, "", f"The {name} runs at the {function.event} and lets it pass."))
