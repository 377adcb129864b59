"""Who may call what: the classes a kind implements to take part in the question of permission.

====================  ===========================================================================
:class:`ActsAs`       calls AWS APIs as somebody: an instance, a function, a task; a service itself
:class:`Guarded`      is called by an AWS API, which asks whether the caller may
:class:`GuardsWay`    asks on the way: a VPC endpoint with its policy
:class:`Identifies`   is somebody whom others act as: a role
:class:`HoldsPolicy`  is a policy that others name
:class:`Opens`        is a key without which what it encrypts cannot be read
:class:`Limits`       sets limits for whole accounts: service control policies
====================  ===========================================================================

What a design does not state decides nothing: :mod:`archtui.trace.access` asks only where a policy, a role's
policies or the default of AWS for strangers says something.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.trace.message import Message
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Stated:
    """A policy where the design states it."""

    component: str
    path: tuple[str | int, ...]
    text: str
    """The policy as JSON."""
    name: str
    """What to call it: ``the bucket policy of uploads``."""


class ActsAs(abc.ABC):
    """Behaviour of what calls AWS APIs with an identity: an instance, a function, a task."""

    @abc.abstractmethod
    def role(self, component: Component, world: World) -> str | None:
        """Return the id of the role it acts as; None: the design does not say."""

    def service(self, component: Component) -> str:
        """Return the service principal that assumes the role, or calls by itself where it is none's
        (``lambda.amazonaws.com``); empty: not an AWS service."""
        return ""

    def source_arn(self, component: Component, world: World) -> str:
        """Return the ARN that stands as aws:SourceArn in calls that the service itself makes; empty: not known."""
        return ""

    def calls_itself(self, component: Component) -> bool:
        """Whether the service itself calls, under its service principal, where no role is stated (a bucket that
        tells a queue, an API that invokes a function)."""
        return False


class Guarded(abc.ABC):
    """Behaviour of what is called by an AWS API, which asks whether the caller may."""

    @abc.abstractmethod
    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        """Return what the message asks for, as IAM names it (``s3:GetObject``); empty: nothing to be asked about."""

    @abc.abstractmethod
    def resource(self, component: Component, message: Message, world: World) -> str:
        """Return what it is asked of, as an ARN; a part that is not known is ``*``."""

    def policy(self, component: Component) -> str:
        """Return its resource policy as JSON; empty: none is stated."""
        return ""

    def key(self, component: Component) -> str | None:
        """Return the id of the customer managed key that encrypts it; None: none is stated."""
        return None

    def key_actions(self, component: Component, action: str) -> tuple[str, ...]:
        """Return what the caller of ``action`` asks of the key (``kms:Decrypt``); empty: the service uses the key on
        a grant of its own, so that only the key's state counts."""
        return ()

    def unsigned(self, component: Component, message: Message) -> bool:
        """Whether a request from outside that nobody signed is a stranger's (a browser that fetches an object); False:
        whoever sends it has an identity, of which nothing is said."""
        return False

    def anonymous(self, component: Component, message: Message) -> bool:
        """Whether it does not matter who calls: no signature is looked at, only what opens it to everybody counts."""
        return False

    def keeps_strangers_out(self, component: Component) -> bool:
        """Whether no policy may open it to strangers (S3 Block Public Access)."""
        return False

    def names_accounts(self, component: Component) -> bool:
        """Whether it says without a resource policy which other accounts may call, and refuses the others itself."""
        return False


class GuardsWay(abc.ABC):
    """Behaviour of what packets pass on their way to an AWS API and that asks too: a VPC endpoint."""

    @abc.abstractmethod
    def policy(self, component: Component) -> str:
        """Return its policy as JSON; empty: none is stated, all is allowed."""

    @abc.abstractmethod
    def vpc(self, component: Component) -> str:
        """Return the VPC from which it leads."""


class Identifies(abc.ABC):
    """Behaviour of a role (or a user): what it may do, and who may act as it."""

    @abc.abstractmethod
    def arn(self, component: Component, world: World) -> str:
        """Return its ARN; an account that is not known is ``*``."""

    @abc.abstractmethod
    def policies(self, component: Component, world: World) -> tuple[Stated, ...] | None:
        """Return its identity policies; None: the design does not say what it may do."""

    def boundary(self, component: Component, world: World) -> Stated | None:
        """Return its permissions boundary; None: it has none."""
        return None

    def trust(self, component: Component) -> Stated | None:
        """Return who may assume it; None: the design does not say."""
        return None


class HoldsPolicy(abc.ABC):
    """Behaviour of a policy that roles name."""

    @abc.abstractmethod
    def document(self, component: Component) -> Stated:
        """Return the policy."""


class Opens(abc.ABC):
    """Behaviour of a key."""

    @abc.abstractmethod
    def refusal(self, component: Component) -> str:
        """Say in which state it is that makes every use fail; empty: it works."""

    @abc.abstractmethod
    def grants(self, component: Component) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return its grants: the role's id and the actions (``kms:Decrypt``)."""


class Limits(abc.ABC):
    """Behaviour of what limits every identity of some accounts."""

    @abc.abstractmethod
    def limits(self, component: Component, account: str) -> tuple[tuple[Stated, ...], ...]:
        """Return the service control policies above ``account``, one group for each level: the root, each
        organizational unit, the account itself. At every level one of the group has to allow."""

    @abc.abstractmethod
    def holds(self, component: Component, account: str) -> bool:
        """Whether ``account`` is a member."""
