"""Which listener rule hides which."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtui.services.elb.covering import never_matches
from archtui.services.elb.properties import ListenerRule


def rule(**conditions: object) -> ListenerRule:
    return ListenerRule.model_validate({"priority": 1, **conditions})


@pytest.mark.parametrize(
    ("later", "earlier", "hidden"),
    [
        ({"path": ["/api/v2/*"]}, {"path": ["/api/*"]}, True),
        ({"path": ["/api/*"]}, {"path": ["/api/v2/*"]}, False),
        ({"path": ["/a", "/b"]}, {"path": ["/a"]}, False),
        ({"path": ["/a"]}, {"path": ["/b", "/a"]}, True),
        ({"path": ["/API"]}, {"path": ["/api"]}, False),
        ({"host": ["SHOP.example.com"]}, {"host": ["*.example.com"]}, True),
        ({"path": ["/a"], "method": ["GET"]}, {"path": ["/a"]}, True),
        ({"path": ["/a"]}, {"path": ["/a"], "method": ["GET"]}, False),
        ({"path": ["/a"], "method": ["GET"]}, {"path": ["/a"], "method": ["GET", "HEAD"]}, True),
        ({"source_ip": ["10.1.0.0/16"]}, {"source_ip": ["10.0.0.0/8"]}, True),
        ({"source_ip": ["10.0.0.0/8"]}, {"source_ip": ["10.1.0.0/16"]}, False),
        ({"header": {"X-Beta": ["yes"]}}, {"header": {"x-beta": ["y*"]}}, True),
        ({"header": {"X-Beta": ["yes"]}}, {"header": {"x-other": ["y*"]}}, False),
        ({"query": {"v": "2"}}, {"query": {"v": "?"}}, True),
        ({"query": {"v": "22"}}, {"query": {"v": "?"}}, False),
        ({"host": ["a.example.com"]}, {}, True),
    ],
)
def test_hidden(later: dict[str, object], earlier: dict[str, object], hidden: bool) -> None:
    assert never_matches(rule(**later), after=rule(**earlier)) is hidden


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), text) is not None


patterns = st.lists(st.text("ab*?", min_size=1, max_size=5), min_size=1, max_size=2)


@given(patterns, patterns, st.text("ab", max_size=6))
def test_a_hidden_rule_matches_nothing_new(later: list[str], earlier: list[str], path: str) -> None:
    """Whatever the later rule would take, the earlier one has taken."""
    if never_matches(rule(path=later), after=rule(path=earlier)) and any(matches(item, path) for item in later):
        assert any(matches(item, path) for item in earlier)
