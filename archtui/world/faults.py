"""What a kind says of the ways in which it may be hurt without being down; targets are read by it."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtui.model.component import Component

if TYPE_CHECKING:
    from archtui.world.world import World


class ControlPlanes:
    """Behaviour of what a control plane starts or changes."""

    @property
    def planes(self) -> tuple[str, ...]:
        """Their names: ``ec2``."""
        return ()

    without: str = ""
    """What goes on and what does not while they do not answer, a sentence; empty: nothing is started or changed."""


class Expires:
    """Marks what is valid for a time only: a certificate."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How AWS answers a call that it throttles."""

    error: str
    """The name of the error: ``ProvisionedThroughputExceededException``."""
    status: int
    """Its HTTP status."""
    source: str
    """The page that says so."""


class Throttled:
    """Behaviour of what AWS may throttle: a function, a table, an API."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of an account in a region that may be used up."""

    name: str
    """``lambda-concurrency``."""
    about: str
    """What is used up, in AWS's words."""
    source: str
    refuses: bool = False
    """Whether requests are refused then; otherwise nothing new can be started."""


class HasQuotas:
    """Behaviour of what counts against quotas of the account."""

    quotas: tuple[Quota, ...]

    def exempt(self, component: Component, quota: Quota) -> bool:
        """Whether ``component`` has a part of the quota reserved for it, which others cannot use up."""
        return False


class Interruptible(abc.ABC):
    """Behaviour of what may run on spare capacity, which AWS takes back with notice: spot instances."""

    @abc.abstractmethod
    def spare(self, component: Component, world: World) -> tuple[str, ...]:
        """Return the machines of ``component`` that AWS may take away; empty: none is a spot instance."""


class Lags(abc.ABC):
    """Behaviour of what holds a copy that follows its source with a delay."""

    @abc.abstractmethod
    def copies(self, component: Component, world: World) -> bool:
        """Whether ``component`` has, or is, such a copy."""

    @abc.abstractmethod
    def crosses(self, component: Component, world: World) -> tuple[str, ...]:
        """Return the regions between which the copy is kept up; empty: it stays within one."""


class Judged:
    """Marks what carries a health check that may be wrong: a target group, a Route 53 health check."""
