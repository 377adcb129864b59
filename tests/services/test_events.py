"""Events from service to service: a bucket tells a queue, consumers take from it, functions run."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves

PIPELINE = """
blueprint: Image pipeline
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  private: {kind: route_table, vpc: vpc, main: true}
  sg: {kind: security_group, vpc: vpc}
  endpoint-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: sg}]}
  uploads: {kind: s3_bucket, notifications: [{to: jobs, suffix: .jpg}]}
  jobs: {kind: sqs_queue, delay: 5s}
  thumbs: {kind: lambda_function, event_sources: [{source: jobs}], subnets: [app-a], security_groups: [sg]}
  worker: {kind: ec2_instance, subnet: app-a, security_groups: [sg]}
  results: {kind: s3_bucket}
  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [private]}
  to-sqs: {kind: interface_endpoint, vpc: vpc, service: sqs, subnets: [app-a], security_groups: [endpoint-sg]}
links:
  - {from: thumbs, to: results, action: "s3:PutObject"}
  - {from: worker, to: jobs, action: "sqs:ReceiveMessage"}
  - {from: worker, to: results, action: "s3:PutObject"}
journeys: []
"""
PRESIGNED = "https://uploads.s3.eu-west-1.amazonaws.com/{}?X-Amz-Signature=00"
"""An upload by a URL that somebody with the permission has signed."""
UPLOAD = Request.make("internet", PRESIGNED.format("cat.jpg"), method="PUT")


def traced(text: str, request: Request = UPLOAD, condition: Condition = HEALTHY) -> Trace:
    return trace(compile_world(loads(text, registry()).blueprint), request, condition)


@proves(
    "One of the consumers of a queue gets a message, each of its pollers reaches the queue's API by its own network.",
    area="Events",
    source="SQS Developer Guide, 'Amazon SQS visibility timeout'; PrivateLink guide, 'Private DNS'",
)
def test_an_upload_goes_by_the_queue_to_one_of_its_consumers() -> None:
    found = traced(PIPELINE)
    assert found.reaches("results") is Verdict.REACHABLE
    assert [(later.label, round(later.weight, 3), later.depth) for later in found.afterwards] == [
        ("uploads > jobs", 1.0, 0),
        ("one of the consumers of jobs: thumbs", 0.5, 1),
        ("one of the consumers of jobs: worker (10.0.10.6)", 0.5, 1),
    ]
    polls = found.afterwards[2]
    assert polls.delay is not None
    assert polls.delay.milliseconds == 5000
    assert "to-sqs" in [hop.component for hop in polls.main.forward]
    assert "to-s3" in [hop.component for hop in polls.main.forward]


@pytest.mark.parametrize(
    ("was", "becomes", "code", "at"),
    [
        ("to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [private]}", "", "NO_ROUTE", "private"),
        ("ingress: [{port: 443, from: sg}]", "ingress: []", "SG_HAS_NO_RULES", "endpoint-sg"),
        ("subnets: [app-a], security_groups: [sg]}\n  worker", "duration: 9s}\n  worker", "LAMBDA_TIMEOUT", "thumbs"),
        (
            "subnets: [app-a], security_groups: [sg]}\n  worker",
            "reserved_concurrency: 0}\n  worker",
            "_THROT",
            "thumbs",
        ),
    ],
)
def test_what_stops_a_consumer_is_said_and_the_upload_succeeds(was: str, becomes: str, code: str, at: str) -> None:
    text = PIPELINE.replace(was, becomes)
    assert text != PIPELINE
    found = traced(text)
    assert found.verdict is Verdict.REACHABLE
    assert found.reaches("results") is Verdict.BLOCKED
    assert any(code in blocker.code and blocker.component == at for blocker in found.later_blockers)


def test_a_notification_is_for_the_names_it_says() -> None:
    other = Request.make("internet", PRESIGNED.format("cat.png"), method="PUT")
    assert traced(PIPELINE, other).afterwards == ()
    assert traced(PIPELINE, Request.make("internet", UPLOAD.target, protocol="https", path="/cat.jpg")).afterwards == ()


@proves(
    "A function in a VPC has no public address: a public subnet alone gives it no way to the internet",
    area="Lambda",
    source="Lambda Developer Guide, 'Enable internet access for VPC-connected Lambda functions'",
)
def test_a_function_in_a_public_subnet_does_not_get_out() -> None:
    text = PIPELINE.replace("main: true}", "main: true, routes: [{to: 0.0.0.0/0, via: igw}]}").replace(
        "components:", "components:\n  igw: {kind: internet_gateway, vpc: vpc}"
    )
    text = text.replace("  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [private]}\n", "")
    blocked = traced(text).afterwards[1]
    assert [blocker.code for blocker in blocked.blockers] == ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"]
    outside = text.replace("subnets: [app-a], security_groups: [sg]}\n  worker", "timeout: 9s}\n  worker")
    assert traced(outside).afterwards[1].verdict is Verdict.REACHABLE


@proves(
    "A worker that is gone does not poll: the others take its messages.",
    area="Events",
    source="SQS Developer Guide, 'Amazon SQS short and long polling'",
)
def test_the_others_take_the_messages_of_a_worker_that_is_gone() -> None:
    found = traced(PIPELINE, condition=Condition(down=frozenset({"worker"})))
    assert found.verdict is Verdict.REACHABLE
    assert [(later.label, later.weight, later.verdict) for later in found.afterwards[1:]] == [
        ("jobs > thumbs", 1.0, Verdict.REACHABLE)
    ]
    alone = traced(PIPELINE, condition=Condition(down=frozenset({"worker", "thumbs"})))
    assert all(later.verdict is Verdict.BLOCKED for later in alone.afterwards[1:])


def test_a_consumer_is_not_asked_with_every_request() -> None:
    found = traced(PIPELINE, Request.make("internet", "worker", protocol="http", source_ip="10.0.10.4"))
    assert "jobs" not in [hop.component for hop in found.forward]
