"""SNS topics: fan-out, filters, FIFO, delivery and what becomes of a message that cannot be delivered."""

from __future__ import annotations

import pytest

from archtui.services.patterns import Pattern, PatternError, Values, matches
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import later, world_of

GUIDE = "SNS Developer Guide, "
QUEUES = """
  start: {kind: lambda_function}
  bus: {kind: lambda_function, event_sources: [{source: big}]}
  big: {kind: sqs_queue}
  all: {kind: sqs_queue}
  lost: {kind: sqs_queue}
"""


def published(topic: str, more: str = "", down: tuple[str, ...] = ()) -> Trace:
    world = world_of(f"{QUEUES}{more}  news: {{kind: sns_topic, {topic}}}\n", 'start news action: "sns:Publish"')
    return trace(world, Request.make("internet", "news", protocol="https"), condition_for(world, down))


@proves(
    "A message goes to every subscription of a topic",
    area="SNS",
    source="facts sns-pubsub-01, sns-fanout-01",
)
def test_one_message_goes_to_every_subscription() -> None:
    found = published("subscriptions: [{to: big}, {to: all}, {to: bob@example.com}, {to: '+393331234567'}]")
    assert found.verdict is Verdict.REACHABLE
    assert later(found) == [
        ("news > big", 1.0),
        ("big > bus", 1.0),
        ("news > all", 1.0),
        ("news > bob@example.com", 1.0),
        ("news > +393331234567", 1.0),
    ]


def test_a_topic_without_subscription_loses_the_message() -> None:
    found = published("subscriptions: []")
    assert [each.code for each in found.warnings] == ["SNS_NO_SUBSCRIPTION"]


@proves(
    "A filter policy delivers the messages it matches and no others",
    area="SNS",
    source=GUIDE + "'Amazon SNS subscription filter policies'",
)
@pytest.mark.parametrize(
    ("scope", "shares"),
    [
        ("MessageAttributes", [("news > big: big", 0.7), ("big > bus", 0.7), ("news > big: filtered out", 0.3)]),
        ("MessageBody", [("news > big", 1.0)]),
    ],
)
def test_a_filter_lets_a_share_of_the_messages_through(scope: str, shares: list[tuple[str, float]]) -> None:
    messages = "messages: [{share: 70%, attributes: {size: 12}}, {share: 30%, attributes: {size: 3}, body: {size: 1}}]"
    found = published(
        f"subscriptions: [{{to: big, filter: {{size: [{{numeric: ['>', 10]}}]}}, filter_scope: {scope}}}], {messages}"
    )
    assert later(found) == shares


def test_a_filter_without_stated_messages_is_unknown() -> None:
    found = published("subscriptions: [{to: big, filter: {size: [1]}}]")
    assert found.afterwards[0].verdict is Verdict.UNKNOWN
    assert found.afterwards[0].missing == ("the messages of news, for the filter of big",)


@proves(
    "What cannot be delivered in any try goes to the subscription's dead-letter queue, and is lost without one",
    area="SNS",
    source=GUIDE + "'Amazon SNS dead-letter queues'; 'Amazon SNS message delivery retries' (23 days)",
)
@pytest.mark.parametrize(("dead", "reached"), [(", dead_letter: lost", True), ("", False)])
def test_a_failed_delivery_ends_in_the_dead_letter_queue(dead: str, reached: bool) -> None:
    found = published(f"subscriptions: [{{to: big{dead}}}]", down=("big",))
    assert (("news > lost", 1.0) in later(found)) is reached
    if reached:
        delay = found.afterwards[1].delay
        assert delay is not None
        assert delay.milliseconds == 23 * 86400 * 1000


def test_what_is_delivered_does_not_go_to_the_dead_letter_queue() -> None:
    assert ("news > lost", 1.0) not in later(published("subscriptions: [{to: big, dead_letter: lost}]"))


@proves("A FIFO topic delivers to queues alone", area="SNS", source=GUIDE + "'Message delivery for FIFO topics'")
@pytest.mark.parametrize(("to", "verdict"), [("all", Verdict.REACHABLE), ("start", Verdict.BLOCKED)])
def test_a_fifo_topic_delivers_to_queues_alone(to: str, verdict: Verdict) -> None:
    assert published(f"fifo: true, subscriptions: [{{to: {to}}}]").afterwards[0].verdict is verdict


@proves("A topic takes messages of 256 KB unless set to take more", area="SNS", source="fact sns-size-01")
@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ("message_size: 256", Verdict.REACHABLE),
        ("message_size: 257", Verdict.BLOCKED),
        ("message_size: 257, max_message_size: 1024", Verdict.REACHABLE),
    ],
)
def test_a_message_over_the_limit_is_refused(settings: str, verdict: Verdict) -> None:
    assert published(f"subscriptions: [{{to: all}}], {settings}").verdict is verdict


@proves(
    "A message to an HTTPS endpoint comes from SNS's public addresses over the internet",
    area="SNS",
    source=GUIDE + "'Fanout Amazon SNS notifications to HTTPS endpoints'",
)
@pytest.mark.parametrize(("source", "verdict"), [("any", Verdict.REACHABLE), ("10.0.0.0/8", Verdict.BLOCKED)])
def test_a_web_server_is_posted_to_over_the_internet(source: str, verdict: Verdict) -> None:
    more = f"""
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  igw: {{kind: internet_gateway, vpc: vpc}}
  table: {{kind: route_table, vpc: vpc, main: true, routes: [{{to: 0.0.0.0/0, via: igw}}]}}
  net: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}}
  sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 80, from: {source}}}]}}
  web: {{kind: ec2_instance, subnet: net, security_groups: [sg], public_ip: true, listens: [{{port: 80}}]}}
"""
    found = published("subscriptions: [{to: web, protocol: http}]", more)
    assert found.afterwards[0].verdict is verdict


@proves(
    "Filter policies know exact values, prefix, suffix, anything-but, numeric, exists, $or and more",
    area="SNS",
    source=GUIDE + "'String value matching', 'Numeric value matching', 'Key matching', 'AND/OR logic'",
)
@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ({"a": ["x", "y"]}, {"a": "y"}, {"a": "Y"}),
        ({"a": ["x"]}, {"a": ["z", "x"]}, {"a": ["z"]}),
        ({"a": [1]}, {"a": 1.0}, {"a": "1"}),
        ({"a": [True]}, {"a": True}, {"a": 1}),
        ({"a": [{"prefix": "or"}]}, {"a": "order"}, {"a": "door"}),
        ({"a": [{"suffix": ".jpg"}]}, {"a": "b.jpg"}, {"a": "b.png"}),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "y"}, {"a": "x"}),
        ({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "y"}, {"a": "xy"}),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "y"}, {}),
        ({"a": [{"numeric": [">", 1, "<=", 5]}]}, {"a": 5}, {"a": 1}),
        ({"a": [{"exists": True}]}, {"a": 0}, {}),
        ({"a": [{"exists": False}]}, {}, {"a": 0}),
        ({"a": [{"equals-ignore-case": "X"}]}, {"a": "x"}, {"a": "xx"}),
        ({"a": [{"cidr": "10.0.0.0/8"}]}, {"a": "10.1.2.3"}, {"a": "11.1.2.3"}),
        ({"a": [{"wildcard": "a*[c]"}]}, {"a": "ab[c]"}, {"a": "abc"}),
        ({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, {"a": 2, "b": 1}),
        ({"a": [1], "b": [2]}, {"a": 1, "b": 2}, {"a": 1}),
        ({"a": {"b": [1]}}, {"a": {"b": 1}}, {"a": 1}),
    ],
)
def test_a_pattern_matches(pattern: Pattern, yes: Values, no: Values) -> None:
    assert matches(pattern, yes)
    assert not matches(pattern, no)


def test_an_unknown_operator_is_named() -> None:
    with pytest.raises(PatternError, match="contains"):
        matches({"a": [{"contains": "x"}]}, {"a": "x"})
