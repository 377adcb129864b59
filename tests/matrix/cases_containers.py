"""How containers are called: by their own address, by a port of their host, by a Service, by a daemon beside them."""

from __future__ import annotations

from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase
from tests.services.eks.shop import API, DESIGN, SHOP

ROWS: dict[Area, tuple[str, ...]] = {
    "invocation kind": ("pod by address", "pod by node port", "Service by name", "message by worker daemon")
}
_CONTROLLER = "AWS Load Balancer Controller, 'Ingress annotations' (target-type)"
_PROXY = "Kubernetes, 'Virtual IPs and Service Proxies'"
_NODES = DESIGN.replace("target_type: ip", "target_type: instance")
_ASKS = Request.make("web", "http://api-svc.default.svc.cluster.local/")
_WORKER = """
blueprint: work
region: eu-west-1
components:
  sender: {{kind: ec2}}
  jobs: {{kind: beanstalk_environment, tier: {tier}, listens: [{{port: 80, paths: {{/work: 200}}}}], http_path: /work}}
{more}"""
_SENDS = Request.make("sender", "queue", protocol="https", port=443)
_DAEMON = "Elastic Beanstalk Developer Guide, 'Elastic Beanstalk worker environments'"

CASES = (
    MatrixCase(
        "invocation kind",
        "pod by address",
        True,
        DESIGN,
        API,
        Expected(status=200, shares={"api:1": 1 / 3}),
        _CONTROLLER,
    ),
    MatrixCase(
        "invocation kind",
        "pod by address",
        False,
        DESIGN,
        SHOP,
        Expected(status=200, shares={"entry": 1.0}),
        _CONTROLLER,
    ),
    MatrixCase(
        "invocation kind",
        "pod by node port",
        True,
        _NODES,
        API,
        Expected(status=200, shares={"workers:asg": 1.0}),
        _CONTROLLER,
    ),
    MatrixCase(
        "invocation kind",
        "pod by node port",
        False,
        _NODES,
        SHOP,
        Expected(Verdict.BLOCKED, 503, "ELBV2_LISTENER_HAS_NO_TG"),
        f"{_CONTROLLER}: a ClusterIP Service has no node port",
    ),
    MatrixCase(
        "invocation kind", "Service by name", True, DESIGN, _ASKS, Expected(status=200, shares={"api": 1.0}), _PROXY
    ),
    MatrixCase(
        "invocation kind",
        "Service by name",
        False,
        DESIGN,
        Request.make("internet", "api-svc", protocol="http", port=80),
        Expected(Verdict.BLOCKED, None, "K8S_CLUSTER_ONLY"),
        "Kubernetes, 'Service', 'type: ClusterIP'",
    ),
    MatrixCase(
        "invocation kind",
        "message by worker daemon",
        True,
        _WORKER.format(tier="worker, queue: queue", more="  queue: {kind: sqs}\n"),
        _SENDS,
        Expected(without="SQS_NO_CONSUMER"),
        _DAEMON,
    ),
    MatrixCase(
        "invocation kind",
        "message by worker daemon",
        False,
        _WORKER.format(tier="web", more="  queue: {kind: sqs}\n"),
        _SENDS,
        Expected(code="SQS_NO_CONSUMER"),
        f"{_DAEMON}: a web environment polls no queue",
    ),
)
