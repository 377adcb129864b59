"""Reading state machines from ``stepfunctions describe-state-machine``; ``list-state-machines`` gives no states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from archtui.formats.describe import Data, Described, Describes, Inventory, Record, given, items, need, number, text
from archtui.model.component import Json
from archtui.services.arns import named, outside

_TARGETS = ("FunctionName", "QueueUrl", "TopicArn", "TableName", "StateMachineArn", "EventBusName", "Cluster")
"""The parameters that say what a task asks (Step Functions Developer Guide, "Integrating services")."""
_NOT_CONDITIONS = ("Next", "Comment", "Assign", "Output")


class DescribesStateMachine(Describes):
    """A state machine with its definition in the Amazon States Language."""

    keys = ("stateMachines",)
    wholes = (("stateMachineArn", "stateMachines"),)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "stateMachineArn")
        notes: list[str] = []
        states: dict[str, Json] = {}
        definition = _object(text(data, "definition"))
        if not definition:
            notes.append("its definition is not in the input; give describe-state-machine")
        if text(definition, "QueryLanguage") == "JSONata":
            notes.append("its conditions are written in JSONata and are not read")
        _walk(definition, states)
        role = named(text(data, "roleArn")) if text(data, "roleArn") else None
        targets = {state["to"] for state in states.values() if isinstance(state, dict) and state.get("to")}
        properties = given(
            type=text(data, "type", "STANDARD"),
            start_at=text(definition, "StartAt"),
            timeout=number(definition, "TimeoutSeconds"),
            role=role,
            region=arn.split(":")[3],
        )
        beyond = outside((role,), "IAM role") | outside(targets, "target of a task")
        weight = int(bool(definition))
        yield Described(
            named(arn), properties | {"states": states}, notes=tuple(notes), outside=beyond, local=True, weight=weight
        )


def _object(written: str) -> dict[str, Json]:
    try:
        found = json.loads(written or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _walk(scope: Data, states: dict[str, Json]) -> None:
    """Take the states of a definition, those of its branches among them; names are unique in a state machine."""
    known = scope.get("States")
    for name, state in known.items() if isinstance(known, dict) else ():
        if isinstance(state, dict):
            inner = [*items(state, "Branches")]
            for key in ("ItemProcessor", "Iterator"):
                part = state.get(key)
                inner += [part] if isinstance(part, dict) else []
            states[name] = _state(state, inner)
            for part in inner:
                _walk(part, states)


def _state(state: Data, inner: list[dict[str, Json]]) -> dict[str, Json]:
    kind = text(state, "Type", "Task")
    retry, catch = items(state, "Retry"), items(state, "Catch")
    to, action = _asked(state) if kind == "Task" else ("", "")
    found = given(
        type=kind,
        to=to,
        action=action,
        next=text(state, "Next"),
        default=text(state, "Default"),
        seconds=number(state, "Seconds"),
        retries=(_number(retry[0], "MaxAttempts", 3)) if retry else None,
        interval=_number(retry[0], "IntervalSeconds", 1) if retry else None,
        backoff=_rate(retry[0]) if retry else None,
        catch=text(catch[0], "Next") if catch else None,
        callback="returns" if text(state, "Resource").endswith(".waitForTaskToken") else None,
    )
    choices: list[Json] = [_choice(each) for each in items(state, "Choices")]
    branches: list[Json] = [text(part, "StartAt") for part in inner]
    found |= {"choices": choices} if choices else {}
    found |= {"branches": branches} if branches else {}
    found |= {"result": state["Result"]} if "Result" in state else {}
    if "ResultPath" in state:
        found["result_path"] = text(state, "ResultPath")
    return found


def _number(data: Data, key: str, usual: int) -> int:
    found = number(data, key)
    return usual if found is None else found


def _rate(data: Data) -> float:
    found = data.get("BackoffRate")
    return float(found) if isinstance(found, int | float) else 2.0


def _choice(rule: Mapping[str, Json]) -> dict[str, Json]:
    condition = {key: value for key, value in rule.items() if key not in _NOT_CONDITIONS and key != "Condition"}
    return {"next": text(rule, "Next"), **({"condition": condition} if condition else {})}


def _asked(state: Data) -> tuple[str, str]:
    """Return what a Task asks and for what: a function by its ARN, or a service by its integration."""
    resource = text(state, "Resource")
    if ":::" not in resource:
        return (named(resource) if resource else "", "")
    service, _, call = resource.rpartition(":::")[2].removeprefix("aws-sdk:").partition(":")
    call = call.partition(".")[0]
    given_to = state.get("Parameters", state.get("Arguments"))
    parameters = given_to if isinstance(given_to, dict) else {}
    target = next((text(parameters, key) for key in _TARGETS if text(parameters, key)), "")
    action = "" if service == "lambda" else f"{service}:{call[:1].upper()}{call[1:]}"
    if target.startswith("$"):
        return "", ""
    return (named(target) if target.startswith("arn:") else target.rpartition("/")[2]), action if target else ""
