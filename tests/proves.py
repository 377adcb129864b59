"""Says which behaviour of AWS a test proves, for the FIDELITY page."""

from __future__ import annotations

import pytest


def proves(behaviour: str, *, area: str, source: str) -> pytest.MarkDecorator:
    """Mark a test as the proof of ``behaviour`` (a sentence about AWS), with the page, RFC, measured probe
    or fact id that says AWS behaves so."""
    return pytest.mark.proves(behaviour, area=area, source=source)
