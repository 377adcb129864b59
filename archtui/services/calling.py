"""What functions, APIs, event buses, workflows and user pools connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_link, append_to, set_property
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.api_gateway.rules.backends import is_private, with_link
from archtui.services.cognito.properties import CognitoUserPoolProperties
from archtui.services.ec2.lookups import ends_of
from archtui.services.eventbridge.properties import EventBusProperties
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.step_functions.properties import StateMachineProperties
from archtui.services.using_stores import STORES
from archtui.services.wiring import RefusedError, Wiring, way

_CALLS = {"lambda_function": "", "event_bus": "events:PutEvents", "state_machine": "states:StartExecution"}
_REQUESTS = {"sqs_queue": "sqs:SendMessage", "sns_topic": "sns:Publish", "kinesis_stream": "kinesis:PutRecord"}
_TASKS = _REQUESTS | {"dynamodb_table": "dynamodb:PutItem"}
_RETRIES = 3


def _calls(wiring: Wiring, source: Component, target: Component) -> str:
    """Link a function to what it calls by an AWS API; of a bus it is said what the function tells it."""
    if not any(link.target == target.id for link in wiring.world.links_from(source.id)):
        action = _CALLS[target.kind.name]
        link: dict[str, Json] = {"from": source.id, "to": target.id, **({"action": action} if action else {})}
        wiring.do(add_link(wiring.world.blueprint, link), f"{source.id} calls {target.id}")
    bus = as_kind(wiring.world, target.id, EventBusProperties)
    if bus is not None and not any(event.sender == source.id for event in bus.events):
        event: Json = {"from": source.id, "source": source.id}
        wiring.do(
            append_to(wiring.world.blueprint, target.id, ("events",), event), "its events have its name as source"
        )
    return f"{source.id} calls {target.id}"


def _uses_database(wiring: Wiring, function: Component, database: Component) -> str:
    """Put the function into the database's VPC, let it in there, and link the two."""
    settings = as_kind(wiring.world, function.id, LambdaFunctionProperties)
    target = as_kind(wiring.world, database.id, DbInstanceProperties)
    subnets: list[Json] = list(ends_of(wiring.world, database.id).subnets)
    if settings is None or target is None or not subnets:
        raise RefusedError(f"The subnets of {database.id} are not known.")
    if not settings.subnets:
        wiring.do(set_property(function.id, ("subnets",), subnets), f"{function.id} gets the subnets of {database.id}")
    wiring.reach(function.id, database.id, target.listener_port)
    wiring.link(function.id, database.id, target.listener_port)
    return f"{function.id} uses {database.id}"


def _routes(wiring: Wiring, api: Component, target: Component) -> str:
    """Add a route for the target, a stage where a REST API has none, and a VPC link where the target is private."""
    settings = as_kind(wiring.world, api.id, ApiGatewayProperties)
    if settings is None:
        raise RefusedError(f"{api.id} is no API.")
    if not any(route.to == target.id for route in settings.routes):
        action = _REQUESTS.get(target.kind.name, "")
        path = "$default" if settings.protocol == "WEBSOCKET" else f"/{target.id}"
        route: dict[str, Json] = {"path": path, "to": target.id, **({"action": action} if action else {})}
        wiring.do(
            append_to(wiring.world.blueprint, api.id, ("routes",), route), f"{path} of {api.id} leads to {target.id}"
        )
    if not settings.all_stages:
        wiring.do(append_to(wiring.world.blueprint, api.id, ("stages",), {"name": "prod"}), "it is deployed to prod")
    if settings.vpc_link is None and is_private(wiring.world, target.id):
        edits = with_link(wiring.world, api.id, target.id)
        if not edits:
            raise RefusedError(f"{target.id} is private, and its subnets are not known.")
        wiring.do(edits[0], f"{api.id} gets a VPC link")
    return f"{api.id} asks {target.id}"


def _authorizes(wiring: Wiring, pool: Component, api: Component) -> str:
    """Let a user pool's tokens open the routes that nobody guards yet."""
    settings = as_kind(wiring.world, api.id, ApiGatewayProperties)
    users = as_kind(wiring.world, pool.id, CognitoUserPoolProperties)
    if settings is None or users is None or settings.protocol == "WEBSOCKET":
        raise RefusedError(f"{api.id} cannot check tokens of a user pool by itself.", "Let a function decide.")
    if not users.clients:
        wiring.do(set_property(pool.id, ("clients",), ["web"]), f"{pool.id} gets an app client")
    known = next((each.name for each in settings.authorizers if each.user_pool == pool.id), None)
    if known is None:
        body: Json = {
            "name": pool.id,
            "type": "JWT" if settings.protocol == "HTTP" else "COGNITO",
            "user_pool": pool.id,
        }
        wiring.do(append_to(wiring.world.blueprint, api.id, ("authorizers",), body), f"{api.id} checks its tokens")
    for index, route in enumerate(settings.routes):
        if route.authorizer is None:
            edit = set_property(api.id, ("routes", index, "authorizer"), known or pool.id)
            wiring.do(edit, f"{route.path} wants a token")
    return f"{pool.id} opens {api.id}"


def _guarded(wiring: Wiring, api: Component, pool: Component) -> str:
    return _authorizes(wiring, pool, api)


def _sends(wiring: Wiring, bus: Component, target: Component) -> str:
    """Add the target to the bus's first rule, or to a rule for every event."""
    settings = as_kind(wiring.world, bus.id, EventBusProperties)
    if settings is None:
        raise RefusedError(f"{bus.id} is no event bus.")
    if any(each.to == target.id for rule in settings.rules for each in rule.targets):
        return f"{bus.id} sends events to {target.id}"
    if settings.rules:
        edit = append_to(wiring.world.blueprint, bus.id, ("rules", 0, "targets"), {"to": target.id})
        wiring.do(edit, f"the rule {settings.rules[0].name} of {bus.id} sends to {target.id}")
    else:
        rule: Json = {"name": "all", "pattern": {"source": [{"prefix": ""}]}, "targets": [{"to": target.id}]}
        wiring.do(
            append_to(wiring.world.blueprint, bus.id, ("rules",), rule), f"{bus.id} sends every event to {target.id}"
        )
    return f"{bus.id} sends events to {target.id}"


def _task(wiring: Wiring, machine: Component, target: Component) -> str:
    """Add a state that asks the target, after the state with which runs end by now."""
    settings = as_kind(wiring.world, machine.id, StateMachineProperties)
    if settings is None:
        raise RefusedError(f"{machine.id} is no state machine.")
    if any(state.to == target.id for state in settings.states.values()):
        return f"{machine.id} asks {target.id}"
    last = [name for name, s in settings.states.items() if not s.next and s.type not in ("Choice", "Fail", "Succeed")]
    name, action = wiring.unused(f"ask-{target.id}"), _TASKS.get(target.kind.name, "")
    state: dict[str, Json] = {"to": target.id, "retries": _RETRIES, **({"action": action} if action else {})}
    wiring.do(set_property(machine.id, ("states", name), state), f"the state {name} asks {target.id}")
    if last:
        wiring.do(set_property(machine.id, ("states", last[-1], "next"), name), f"it follows {last[-1]}")
    return f"{machine.id} asks {target.id}"


FUNCTION: Mapping[str, Way] = {
    **STORES,
    **dict.fromkeys(_CALLS, way(_calls)),
    "db_instance": way(_uses_database),
}
API: Mapping[str, Way] = {
    **dict.fromkeys(("lambda_function", "state_machine", *_REQUESTS), way(_routes)),
    **dict.fromkeys(("application_load_balancer", "network_load_balancer", "ec2_instance"), way(_routes)),
    "cognito_user_pool": way(_guarded),
}
BUS: Mapping[str, Way] = dict.fromkeys(
    ("lambda_function", "state_machine", "event_bus", "firehose_stream", *_REQUESTS), way(_sends)
)
MACHINE: Mapping[str, Way] = dict.fromkeys(("lambda_function", *_TASKS), way(_task))
POOL: Mapping[str, Way] = {"api_gateway": way(_authorizes)}
