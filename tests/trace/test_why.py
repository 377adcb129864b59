"""From a header's value back to the setting that produced it."""

from __future__ import annotations

import pytest

from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.trace.why import Link, WhyError, fields, lines, why
from archtui.world.world import World
from tests.network.designs import two_subnets, world
from tests.trace.shop import URL, shop

SHOP = shop()
PLAIN = world(two_subnets())


def chain(
    design: World, source: str, target: str, field: str, at: str | int | None = None, port: int | None = 443
) -> tuple[Link, ...]:
    request = Request.make(source, target, protocol=None if "://" in target else "tcp", port=port)
    return why(design, trace(design, request), field, at)


def settings(links: tuple[Link, ...]) -> list[tuple[str, tuple[str | int, ...], str]]:
    return [(link.setting.component, link.setting.path, link.setting.how) for link in links]


def test_the_source_outside_comes_from_the_elastic_ip_of_the_nat_gateway() -> None:
    links = chain(PLAIN, "b", "203.0.113.5", "source", "internet")
    assert [(link.component, link.before, link.value) for link in links] == [
        ("igw", links[1].value, "198.51.100.7"),
        ("nat", "10.0.1.10", links[1].value),
        ("b", "", "10.0.1.10"),
    ]
    assert settings(links) == [
        ("eip", ("address",), "written"),
        ("sa", ("cidr",), "chosen"),
        ("b", ("private_ip",), "written"),
    ]


def test_a_replys_destination_is_followed_through_the_turn_to_the_sender() -> None:
    links = chain(PLAIN, "b", "203.0.113.5", "destination", len(_steps(PLAIN, "b", "203.0.113.5")))
    assert links[-1].field == "source"
    assert settings(links)[-1] == ("b", ("private_ip",), "written")


def _steps(design: World, source: str, target: str) -> list[object]:
    found = trace(design, Request.make(source, target, protocol="tcp", port=443))
    return [step for hop in (*found.forward, *found.back) for step in hop.steps]


@pytest.mark.parametrize(
    ("field", "at", "value", "setting"),
    [
        ("destination_port", "web-1", "5432", ("db", ("port",), "default")),
        ("port", "db", "5432", ("db", ("port",), "default")),
        ("destination_port", 17, "8080", ("web", ("port",), "written")),
        ("destination_port", 6, "443", ("", (), "asked")),
        ("scheme", 14, "http", ("lb", (), "chosen")),
    ],
)
def test_a_port_comes_from_the_target_group_the_database_or_the_request(
    field: str, at: str | int, value: str, setting: tuple[str, tuple[str | int, ...], str]
) -> None:
    links = chain(SHOP, "internet", URL, field, at, None)
    assert links[0].value == value
    assert settings(links)[0] == setting


def test_a_destination_comes_from_the_names_that_led_to_it() -> None:
    links = chain(SHOP, "internet", URL, "destination", "public-a", None)
    named = [(link.component, link.setting.path) for link in links if link.field == "name"]
    assert named == [("lb", ("subnets",)), ("shop", ("alias",)), ("zone", ("name",))]


def test_a_change_of_the_setting_changes_the_value() -> None:
    moved = world(two_subnets(eip={"address": "198.51.100.99"}))
    (first, *_) = chain(moved, "b", "203.0.113.5", "source", "internet")
    assert first.value == "198.51.100.99"
    assert first.setting.text == "eip.address"


@pytest.mark.parametrize(("field", "at"), [("colour", None), ("source", "nowhere"), ("source", 999)])
def test_what_the_trace_does_not_have_is_refused(field: str, at: str | int | None) -> None:
    with pytest.raises(WhyError, match=r"has no field|no step"):
        chain(PLAIN, "b", "203.0.113.5", field, at)


@pytest.mark.parametrize("target", [URL, "db"])
def test_every_field_of_every_step_has_an_answer(target: str) -> None:
    request = Request.make("internet" if "://" in target else "web-1", target, port=None if "://" in target else 5432)
    found = trace(SHOP, request)
    steps = [step for hop in (*found.forward, *found.back) for step in hop.steps]
    for number, step in enumerate(steps, 1):
        for field in fields(step):
            text = list(lines(why(SHOP, found, field, number)))
            assert all(text)
