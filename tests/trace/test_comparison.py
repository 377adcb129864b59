"""Two traces side by side."""

from __future__ import annotations

from archtui.trace.comparison import compare, comparison_lines

from .shop import ask, put, shop


def test_a_trace_differs_in_nothing_from_itself() -> None:
    found = compare(ask(shop()), ask(shop()))
    assert found.same
    assert list(comparison_lines(found))[-1] == "Nothing differs."


def test_a_closed_port_is_the_first_step_that_differs() -> None:
    open_, closed = ask(shop()), ask(shop(put("web-sg", "ingress", [])))
    found = compare(open_, closed)
    assert not found.same
    assert {blocker.component for blocker in found.new} == {"web-sg"}
    assert found.parting is not None
    here, there = found.parting
    assert here is not None
    assert there is not None
    assert (here.number, here.hop.component) == (there.number, there.hop.component)
    text = "\n".join(comparison_lines(found))
    assert "≠ verdict" in text
    assert "reachable → blocked" in text
    back = compare(closed, open_)
    assert back.gone == found.new
    assert back.parting == (there, here)


def test_components_that_one_alone_comes_to_are_named() -> None:
    found = compare(ask(shop()), ask(shop(), target="http://shop.example.com/"))
    assert not found.same
    other = compare(ask(shop()), ask(shop(), "internet", "web-1", port=22))
    assert "db" in other.only_first
