"""What services share for the question of permission: property types, and behaviours that read them.

The properties have the same names in every kind: ``role`` (:data:`RoleRef`) of what calls, ``policy``
(:data:`PolicyText`) and ``kms_key`` (:data:`KeyRef`) of what is called, ``account`` where it may be another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, JsonValue

from archtui.model.component import Component
from archtui.model.fields import Reference
from archtui.trace.access.documents import PolicyError, parse
from archtui.trace.message import Message
from archtui.trace.permission import ActsAs, Guarded
from archtui.world.world import World


def policy_text(value: object) -> str:
    """Return a policy, written as JSON text or as an object, as JSON on one line; raise :class:`ValueError`."""
    if isinstance(value, str) and not value.strip():
        return ""
    try:
        text = value if isinstance(value, str) else json.dumps(value)
        parse(text)
    except (PolicyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return json.dumps(json.loads(text))


def _as_json(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value


PolicyText = Annotated[str, BeforeValidator(policy_text, json_schema_input_type=str | dict[str, JsonValue])]
"""A policy as JSON text or as an object with ``Statement``; kept as JSON text. In it a component's id may stand for its
ARN: as a resource, a principal, an endpoint or a VPC in a condition."""
PolicyJson = Annotated[str, BeforeValidator(_as_json, json_schema_input_type=str | dict[str, JsonValue])]
"""The same where a text that is no policy is kept as it is (what depends on it is then unknown)."""
RoleRef = Annotated[str, Reference(("iam_role",), "uses")]
KeyRef = Annotated[str, Reference(("kms_key",), "uses")]


class ActsByRole(ActsAs):
    """Behaviour of what has the property ``role``."""

    def __init__(self, service: str) -> None:
        """``service`` is the service principal that assumes the role (``lambda.amazonaws.com``)."""
        self._service = service

    def role(self, component: Component, world: World) -> str | None:
        role = getattr(component.properties, "role", None)
        return role if isinstance(role, str) else None

    def service(self, component: Component) -> str:
        return self._service


class ServiceCalls(ActsByRole):
    """Behaviour of what AWS calls for by itself: by its role where one is stated, otherwise under its service
    principal (``s3.amazonaws.com``), with the component as the source of the call."""

    def __init__(self, service: str, arn: str = "") -> None:
        """``arn`` is the component's with ``{id}``, ``{region}`` and ``{account}``."""
        super().__init__(service)
        self._arn = arn

    def source_arn(self, component: Component, world: World) -> str:
        return self._arn.format(id=component.id, **arn_parts(component, world))

    def calls_itself(self, component: Component) -> bool:
        return getattr(component.properties, "role", None) is None


class SignsAsService(ServiceCalls):
    """Behaviour of what asks under its service principal only where the message says so: a distribution, whose
    origins are asked each in its own way."""

    def calls_itself(self, component: Component) -> bool:
        return False


class GuardedApi(Guarded):
    """Behaviour of what has a resource policy (``policy``), a key (``kms_key``), or only callers that need permission.

    ``resource`` is its ARN with ``{id}``, ``{region}`` and ``{account}``; ``usual`` is asked for where a message names
    no action; ``key_uses`` says what a caller of an action (or of ``*``, any other) asks of the key.
    """

    def __init__(self, resource: str, usual: str, key_uses: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._resource = resource
        self._usual = usual
        self._key_uses = dict(key_uses or {})

    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        return () if message.purpose == "health_check" else (message.action or self._usual,)

    def resource(self, component: Component, message: Message, world: World) -> str:
        return self._resource.format(id=component.id, **arn_parts(component, world))

    def policy(self, component: Component) -> str:
        policy = getattr(component.properties, "policy", "")
        return policy if isinstance(policy, str) else ""

    def key(self, component: Component) -> str | None:
        key = getattr(component.properties, "kms_key", None)
        return key if isinstance(key, str) else None

    def key_actions(self, component: Component, action: str) -> tuple[str, ...]:
        return self._key_uses.get(action, self._key_uses.get("*", ()))


def arn_parts(component: Component, world: World) -> dict[str, str]:
    """Return region and account for an ARN, ``*`` for what the design does not say; an account is 12 digits."""
    place = world.placement(component.id)
    known = len(place.account) == 12 and place.account.isdigit()
    return {"region": place.region or "*", "account": place.account if known else "*"}
