"""What is typed for a trace or a journey."""

from __future__ import annotations

import pytest

from archtui.model.errors import ArchtuiError
from archtui.tui.analysis import parse_journey, parse_request


@pytest.mark.parametrize(
    ("text", "source", "target", "protocol", "port"),
    [
        ("web-1 db 5432", "web-1", "db", None, 5432),
        ("web-1 to db 53/udp", "web-1", "db", "udp", 53),
        ("web-1 db icmp", "web-1", "db", "icmp", None),
        ("internet https://shop.example.com/cart", "internet", "shop.example.com", "https", None),
    ],
)
def test_requests(text: str, source: str, target: str, protocol: str | None, port: int | None) -> None:
    request = parse_request(text)
    assert (request.source, request.target, request.protocol, request.port) == (source, target, protocol, port)


def test_one_word_is_where_to_from_the_selection() -> None:
    assert parse_request("db", "web-1").source == "web-1"


@pytest.mark.parametrize("text", ["", "a", "a b c d", "a b 99999"])
def test_what_is_no_request_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ArchtuiError, match="write"):
        parse_request(text)


def test_journeys() -> None:
    assert parse_journey("internet https://shop.example.com/ reaches db") == {
        "from": "internet",
        "request": "GET https://shop.example.com/",
        "reaches": "db",
    }
    blocked = parse_journey("internet db 5432 blocked")
    assert blocked["blocked"] is True
    assert blocked["port"] == 5432


@pytest.mark.parametrize(
    ("text", "protocol"),
    [("web-1 db 5432 reaches db", "tcp"), ("web-1 db 53/udp blocked", "udp"), ("a b blocked", "any")],
)
def test_a_port_without_a_protocol_is_a_tcp_port(text: str, protocol: str) -> None:
    assert parse_journey(text)["protocol"] == protocol


def test_filling_words_are_no_ends_of_a_journey() -> None:
    assert parse_journey("web-1 to db 5432 reaches db") == parse_journey("web-1 db 5432 reaches db")


def test_a_journey_must_expect_something() -> None:
    with pytest.raises(ArchtuiError, match="reaches ID"):
        parse_journey("internet db 5432")
