"""What AWS refuses to set up carries nothing: targets of other regions, FIFO queues, listeners, kinds of APIs."""

from __future__ import annotations

import pytest

from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.steps import Verdict
from tests.matrix.case import codes_in
from tests.proves import proves
from tests.services.traced import NETWORK, asked, codes_of, world_of

CALL = Request.make("internet", "https://fn.lambda-url.eu-west-1.on.aws/")
FN = "  fn: {kind: lambda_function, url: {auth: NONE}}\n"


def told(components: str, link: str) -> Trace:
    return trace(world_of(FN + components, link), CALL)


@proves(
    "S3 tells standard queues and topics of the bucket's own region alone",
    area="S3",
    source="S3 User Guide, 'Event notification types and destinations'; 'Amazon S3 Event Notifications'",
)
@pytest.mark.parametrize(("queue", "refused"), [("", False), (", fifo: true", True), (", region: us-east-1", True)])
def test_what_a_bucket_can_tell(queue: str, refused: bool) -> None:
    components = f"  q: {{kind: sqs_queue{queue}}}\n  bucket: {{kind: s3_bucket, notifications: [{{to: q}}]}}\n"
    found = told(components, 'fn bucket action: "s3:PutObject"')
    assert found.verdict is Verdict.REACHABLE
    assert ("EVENT_TARGET_REFUSED" in codes_in(found)) is refused


@proves(
    "A FIFO queue subscribes to FIFO topics alone",
    area="SNS",
    source="SNS API Reference, 'Subscribe' (InvalidParameter); SNS Developer Guide, 'Message delivery for FIFO topics'",
)
@pytest.mark.parametrize(("topic", "refused"), [("", True), (", fifo: true", False)])
def test_a_fifo_queue_needs_a_fifo_topic(topic: str, refused: bool) -> None:
    components = f"  q: {{kind: sqs_queue, fifo: true}}\n  t: {{kind: sns_topic{topic}, subscriptions: [{{to: q}}]}}\n"
    found = told(components, 'fn t action: "sns:Publish"')
    assert ("EVENT_TARGET_REFUSED" in codes_in(found)) is refused


@proves(
    "Lambda polls queues of the function's own region alone",
    area="Lambda",
    source="Lambda Developer Guide, 'Using Lambda with Amazon SQS': function and queue in the same Region",
)
@pytest.mark.parametrize(("region", "refused"), [("us-east-1", True), ("eu-west-1", False)])
def test_lambda_polls_in_its_region(region: str, refused: bool) -> None:
    components = f"  q: {{kind: sqs_queue, region: {region}}}\n"
    components += "  work: {kind: lambda_function, event_sources: [{source: q}]}\n"
    found = told(components, 'fn q action: "sqs:SendMessage"')
    assert ("EVENT_TARGET_REFUSED" in codes_in(found)) is refused


@proves(
    "A rule's targets are in its region, other event buses excepted",
    area="EventBridge",
    source="EventBridge User Guide, 'Event bus targets in Amazon EventBridge'; 'Sending events between AWS Regions'",
)
@pytest.mark.parametrize(
    ("target", "refused"),
    [
        ("{kind: sqs_queue, region: us-east-1}", True),
        ("{kind: sqs_queue}", False),
        ("{kind: event_bus, region: us-east-1}", False),
    ],
)
def test_targets_of_other_regions(target: str, refused: bool) -> None:
    rule = "rules: [{name: all, pattern: {source: [x]}, targets: [{to: there}]}], events: [{from: fn, source: x}]"
    found = told(f"  bus: {{kind: event_bus, {rule}}}\n  there: {target}\n", 'fn bus action: "events:PutEvents"')
    assert ("EVENT_TARGET_REFUSED" in codes_in(found)) is refused


@proves(
    "An Application Load Balancer has listeners in HTTP and HTTPS alone",
    area="Load balancing",
    source="Elastic Load Balancing API Reference 2015-12-01, 'CreateListener': Protocol",
)
@pytest.mark.parametrize(("protocol", "verdict"), [("TCP", Verdict.BLOCKED), ("HTTP", Verdict.REACHABLE)])
def test_listeners_of_an_alb(protocol: str, verdict: Verdict) -> None:
    components = (
        f"{NETWORK}  group: {{kind: target_group, vpc: vpc, port: 80, targets: [app]}}\n"
        "  lb: {kind: alb, scheme: internal, subnets: [app-a, app-b], security_groups: [sg], "
        f"listeners: [{{port: 80, protocol: {protocol}, forward: group}}]}}\n"
    )
    found = asked(world_of(components), "lb")
    assert found.verdict is verdict
    assert ("ELBV2_LISTENERS_MISMATCH" in codes_of(found)) is (verdict is Verdict.BLOCKED)


@proves(
    "An Application Load Balancer forwards to groups in HTTP or HTTPS, a Network Load Balancer to none of these",
    area="Load balancing",
    source="ALB guide, 'Target groups for your Application Load Balancers'; NLB guide, 'Target groups for your Network "
    "Load Balancers': routing configuration",
)
@pytest.mark.parametrize(
    ("kind", "protocol", "verdict"),
    [
        ("alb", "TCP", Verdict.BLOCKED),
        ("alb", "HTTP", Verdict.REACHABLE),
        ("nlb", "HTTP", Verdict.BLOCKED),
        ("nlb", "TCP", Verdict.REACHABLE),
    ],
)
def test_groups_speak_what_the_balancer_can(kind: str, protocol: str, verdict: Verdict) -> None:
    components = (
        f"{NETWORK}  group: {{kind: target_group, vpc: vpc, port: 80, protocol: {protocol}, targets: [app]}}\n"
        f"  lb: {{kind: {kind}, scheme: internal, subnets: [app-a, app-b], security_groups: [sg], cross_zone: true, "
        "listeners: [{port: 80, forward: group}]}\n"
    )
    assert asked(world_of(components), "lb").verdict is verdict


@proves(
    "Who publishes to an encrypted topic, or puts records into an encrypted stream, needs the key too",
    area="KMS",
    source="SNS Developer Guide, 'Configure AWS KMS permissions'; Kinesis Data Streams Developer Guide, 'Permissions "
    "to use user-generated KMS keys'",
)
@pytest.mark.parametrize(("kind", "action"), [("sns_topic", "sns:Publish"), ("kinesis_stream", "kinesis:PutRecord")])
@pytest.mark.parametrize(("more", "verdict"), [("", Verdict.BLOCKED), (', "kms:*"', Verdict.REACHABLE)])
def test_senders_need_the_key(kind: str, action: str, more: str, verdict: Verdict) -> None:
    policy = f'{{Statement: {{Effect: Allow, Action: ["{action}"{more}], Resource: "*"}}}}'
    components = (
        "  fn: {kind: lambda_function, url: {auth: NONE}, role: sender}\n"
        f"  sender: {{kind: iam_role, policies: [{policy}]}}\n"
        f"  key: {{kind: kms_key}}\n  there: {{kind: {kind}, kms_key: key}}\n"
    )
    found = trace(world_of(components, f'fn there action: "{action}"'), CALL)
    assert found.verdict is verdict
    assert codes_of(found) == (["KMS_ACCESS_DENIED"] if verdict is Verdict.BLOCKED else [])


API = "https://api.execute-api.eu-west-1.amazonaws.com"
_INSIDE = """
  vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}
  main: {kind: route_table, vpc: vpc, main: true}
  a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  sg: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: all, from: 10.0.0.0/16}]}
  desk: {kind: ec2_instance, subnet: a, security_groups: [sg]}
  door: {kind: interface_endpoint, vpc: vpc, service: execute-api, subnets: [a], security_groups: [sg]}
  app: {kind: ec2_instance, subnet: a, security_groups: [sg], listens: [{port: 80, protocol: tcp}]}
  group: {kind: target_group, vpc: vpc, port: 80, protocol: TCP, targets: [app]}
  nlb: {kind: nlb, scheme: internal, subnets: [a], listeners: [{port: 80, protocol: TCP, forward: group}]}
"""
_OPEN = '{Statement: {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*"}}'


@proves(
    "Only a REST API can be private",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Choose between REST APIs and HTTP APIs': endpoint types",
)
@pytest.mark.parametrize(
    ("kind", "path", "verdict"),
    [("REST, stages: [{name: p}]", "/p/x", Verdict.REACHABLE), ("HTTP", "/x", Verdict.BLOCKED)],
)
def test_private_apis_are_rest_apis(kind: str, path: str, verdict: Verdict) -> None:
    api = (
        f"  api: {{kind: api_gateway, protocol: {kind}, endpoint: private, policy: {_OPEN}, routes: [{{path: /x}}]}}\n"
    )
    found = trace(world_of(_INSIDE + api), Request.make("desk", f"{API}{path}"))
    assert found.verdict is verdict
    assert codes_of(found) == (["APIGW_KIND_UNFIT"] if verdict is Verdict.BLOCKED else [])


@proves(
    "Only a REST API has a VPC link to Network Load Balancers without interfaces in subnets",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Set up VPC links V2 in API Gateway'",
)
@pytest.mark.parametrize(
    ("kind", "path", "verdict"),
    [("REST, stages: [{name: p}]", "/p/x", Verdict.REACHABLE), ("HTTP", "/x", Verdict.BLOCKED)],
)
def test_links_to_balancers_are_for_rest_apis(kind: str, path: str, verdict: Verdict) -> None:
    route = "{path: /x, to: nlb, port: 80, integration: HTTP_PROXY}"
    api = f"  api: {{kind: api_gateway, protocol: {kind}, vpc_link: {{balancers: [nlb]}}, routes: [{route}]}}\n"
    found = trace(world_of(_INSIDE + api), Request.make("internet", f"{API}{path}"))
    assert found.verdict is verdict
    assert codes_of(found) == (["APIGW_KIND_UNFIT"] if verdict is Verdict.BLOCKED else [])


@proves(
    "A CNAME cannot stand beside other records of its name, so what is answered is open",
    area="DNS",
    source="Route 53 Developer Guide, 'Supported DNS record types' (CNAME); RFC 1034, section 3.6.2",
)
@pytest.mark.parametrize(("name", "verdict"), [("www", Verdict.UNKNOWN), ("other", Verdict.REACHABLE)])
def test_a_cname_stands_alone(name: str, verdict: Verdict) -> None:
    records = (
        "  zone: {kind: hosted_zone, name: example.com}\n"
        "  one: {kind: record, zone: zone, name: www, values: [192.0.2.1]}\n"
        f"  two: {{kind: record, zone: zone, name: {name}, type: CNAME, values: [a.example.net]}}\n"
    )
    found = trace(world_of(records), Request.make("internet", "www.example.com", protocol="dns"))
    assert found.verdict is verdict
    assert ("DNS_RECORD_CONFLICT" in codes_in(found)) is (verdict is Verdict.UNKNOWN)
