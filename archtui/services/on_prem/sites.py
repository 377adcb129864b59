"""Who is at the customer's end of a link."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.network.addresses import Block, parse_block
from archtui.services.lookups import as_kind
from archtui.services.on_prem.network import blocks_of_site
from archtui.services.on_prem.properties import OnPremSiteProperties
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class FarEnd:
    """The customer's end of a link."""

    site: str
    """The site; empty: not in the design."""
    blocks: tuple[Block, ...] | None
    """The networks there; None: not stated."""
    missing: str
    """What is not known of it."""


def far_end(world: World, site: str | None, device: str) -> FarEnd:
    """Return the customer's end of a link: ``site`` where one is named, otherwise what stands behind ``device``."""
    properties = as_kind(world, site, OnPremSiteProperties) if site else None
    missing = f"the networks behind {site or device}: the design does not state them"
    if site and properties is not None:
        return FarEnd(site, blocks_of_site(properties), missing)
    return FarEnd("", None, missing)


def stated(cidrs: tuple[str, ...] | None) -> tuple[Block, ...] | None:
    """Return written blocks, None where they are left out."""
    return None if cidrs is None else tuple(parse_block(cidr) for cidr in cidrs)
