"""Edits that give a permission: the one statement that is missing, as narrow as the call."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archtui.model.component import Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.trace import codes
from archtui.trace.interface import Plea, Remedies
from archtui.trace.permission import Identifies, Opens


def with_statement(policy: Json, statement: dict[str, Json]) -> dict[str, Json]:
    """Return ``policy`` (an object, JSON text or nothing) with one statement more."""
    data = json.loads(policy) if isinstance(policy, str) and policy.strip() else policy
    found = data if isinstance(data, dict) else {"Version": "2012-10-17"}
    stated = found.get("Statement")
    listed = stated if isinstance(stated, list) else [] if stated is None else [stated]
    return {**found, "Statement": [*listed, statement]}


class PolicyRemedies(Remedies):
    """Add the statement that is missing where the denial says it is; a denial that somebody wrote is left alone."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        asked = plea.step.before
        action, arn = str(asked.get("action", "")), str(asked.get("resource", ""))
        code = plea.blocker.code
        if code in (codes.IAM_IMPLICIT_DENY, codes.KMS_ACCESS_DENIED):
            yield from _granting(plea, action, arn)
        elif code == codes.ENDPOINT_POLICY_DENY and plea.step.decided_by and not plea.step.decided_by.differs:
            statement: dict[str, Json] = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": arn}
            yield from _stated(plea, plea.blocker.component, "policy", statement)
        elif code == codes.IAM_ROLE_NOT_TRUSTED:
            trusted: Json = {"Service": asked.get("caller")}
            statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
            yield from _stated(plea, str(asked.get("name")), "trust", statement)
        elif code == codes.KMS_KEY_UNUSABLE:
            yield set_property(plea.blocker.component, ("state",), "Enabled")


def _granting(plea: Plea, action: str, arn: str) -> Iterator[Edit]:
    """Allow the call in the role's policies, by a grant of the key, or in the resource policy."""
    world, asked = plea.world, plea.step.before
    role = world.blueprint.components.get(str(asked.get("caller")))
    name = str(asked.get("name"))
    target = world.blueprint.components.get(name)
    if role is not None and role.kind.behaviour(Identifies) is not None:
        policy: Json = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": arn}]}
        label = f"let {role.id} {action} on {name}"
        yield Edit(label, append_to(world.blueprint, role.id, ("policies",), policy).operations)
        if target is not None and target.kind.behaviour(Opens) is not None:
            grant: Json = {"grantee": role.id, "operations": [action.partition(":")[2]]}
            given = append_to(world.blueprint, name, ("grants",), grant)
            yield Edit(f"grant {role.id} {action} with {name}", given.operations)
        statement: dict[str, Json] = {"Effect": "Allow", "Principal": {"AWS": role.id}}
    elif asked.get("service"):
        statement = {"Effect": "Allow", "Principal": {"Service": asked.get("service")}}
        statement["Condition"] = {"ArnLike": {"aws:SourceArn": asked.get("source")}}
    else:
        return
    yield from _stated(plea, name, "policy", {**statement, "Action": action, "Resource": arn})


def _stated(plea: Plea, name: str, key: str, statement: dict[str, Json]) -> Iterator[Edit]:
    """Add a statement to a policy that the design states."""
    component = plea.world.blueprint.components.get(name)
    if component is not None and component.raw.get(key):
        label = f"let {key} of {name} allow {statement['Action']}"
        changed = set_property(name, (key,), with_statement(component.raw[key], statement))
        yield Edit(label, changed.operations)
