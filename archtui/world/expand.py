"""Making AWS's defaults explicit: the interface kinds implement, and the draft they work on.

A kind whose components bring others with them (a VPC brings a main route table, a default NACL and
a default security group) implements :class:`Expands`. Expansion runs in rising ``order`` and reads
the draft only through :class:`Draft`, which notes what was read: when a later edit leaves all of
that unchanged, the earlier result is used again.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archtui.model.component import Component, Json

if TYPE_CHECKING:
    from archtui.model.blueprint import Blueprint


class Draft(abc.ABC):
    """A world in the making, as an expansion sees it."""

    @property
    @abc.abstractmethod
    def blueprint(self) -> Blueprint:
        """The document being compiled; only its title, region and account may be read here."""

    @abc.abstractmethod
    def get(self, name: str) -> Component | None:
        """Return the component ``name`` as it stands now."""

    @abc.abstractmethod
    def of_kind(self, kind: str) -> tuple[Component, ...]:
        """Return all components of ``kind``, document order first, then implicit ones."""

    @abc.abstractmethod
    def referrers(self, name: str, kind: str) -> tuple[Component, ...]:
        """Return the components of ``kind`` that name ``name`` in a property."""

    @abc.abstractmethod
    def links_from(self, name: str) -> tuple[str, ...]:
        """Return the targets of the links that ``name`` opens."""

    @abc.abstractmethod
    def add(self, name: str, kind: str, properties: Mapping[str, Json]) -> None:
        """Add an implicit component, whose id holds a colon; one that is there already stays as it is."""

    @abc.abstractmethod
    def fill(self, name: str, properties: Mapping[str, Json]) -> None:
        """Give ``name`` the value of properties that the document leaves out."""

    @abc.abstractmethod
    def complete(self, name: str, properties: Mapping[str, Json]) -> None:
        """Replace properties of ``name`` that the document gives in part by their full form."""

    @abc.abstractmethod
    def share_links(self, name: str, members: Sequence[str]) -> None:
        """Let each of ``members`` have the links of ``name``, which only stands for them (a group of instances)."""


class Expands(abc.ABC):
    """Behaviour of a kind that brings implicit components or default references with it."""

    order: int = 50
    """Lower runs first: networks 10-29, placement 30-49, load balancers 50-69, names 70-89."""

    @abc.abstractmethod
    def expand(self, component: Component, draft: Draft) -> None:
        """Add what AWS would add for ``component`` and fill in what AWS would assume."""


class Start(abc.ABC):
    """What is added once, before anything is expanded."""

    order: int = 5

    @abc.abstractmethod
    def start(self, draft: Draft) -> None:
        """Add what the design needs before its components are looked at one by one."""


class Starts(Start):
    """Behaviour of a kind whose start every design has (the internet, the home region)."""


class StartsForOwn(Start):
    """Behaviour of a kind whose start has something to do only where the document has components of it."""
