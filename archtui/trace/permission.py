"""Who may call what: the classes a kind implements to take part in the question of permission."""

from __future__ import annotations

import abc

from archtui.model.component import Component
from archtui.trace.message import Message
from archtui.world.world import World


class ActsAs(abc.ABC):
    """Behaviour of what calls AWS APIs with an identity: an instance, a function, a task."""

    @abc.abstractmethod
    def role(self, component: Component, world: World) -> str | None:
        """Return the id of the role it acts as; None: the design does not say."""


class Guarded(abc.ABC):
    """Behaviour of what is called by an AWS API, which asks whether the caller may."""

    @abc.abstractmethod
    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        """Return what the message asks for, as IAM names it (``s3:GetObject``)."""

    @abc.abstractmethod
    def resource(self, component: Component, message: Message, world: World) -> str:
        """Return what it is asked of, as an ARN whose account and region may be ``*``."""

    def policy(self, component: Component) -> str:
        """Return its resource policy as JSON; empty: none is stated."""
        return ""

    def key(self, component: Component) -> str | None:
        """Return the id of the customer managed key that encrypts it; None: none is stated."""
        return None
