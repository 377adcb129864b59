"""The internet is always there."""

from __future__ import annotations

from archtui.model.blueprint import INTERNET
from archtui.world.expand import Draft, Starts


class StartsInternet(Starts):
    """Every design has the internet, written down or not."""

    order = 1

    def start(self, draft: Draft) -> None:
        draft.add(INTERNET, "internet", {})
