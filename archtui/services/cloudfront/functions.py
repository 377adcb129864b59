"""What functions at the edge do with a request: CloudFront functions and Lambda@Edge."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.services.cloudfront.properties import DefaultBehavior, EdgeFunction
from archtui.services.elb.matching import like
from archtui.trace import codes
from archtui.trace.interface import Walk, hop
from archtui.trace.message import Http
from archtui.world.steps import Action, Hop, RuleRef, Step


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


def _name(function: EdgeFunction) -> str:
    return f"Lambda@Edge {function.function}" if function.function else "CloudFront function"


def _ran(component: Component, function: EdgeFunction, rule: RuleRef, before: Outcome, walk: Walk) -> Outcome:
    http, name = before.http, _name(function)
    facts = ("lambda_edge-events-01",) if function.function else ("cloudfront_function-events-01",)

    def told(action: Action, code: str, text: str) -> tuple[Hop, ...]:
        step = Step("service", action, code, text, rule, before={"path": http.path}, facts=facts)
        return (*before.hops, hop(component, step))

    if function.does == "fail" or (function.function and walk.is_down(function.function)):
        text = f"The {name} fails at the {function.event}, and the request with it (503)."
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
