"""How functions are called: waited for, not waited for, by Lambda's own pollers."""

from __future__ import annotations

from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

ROWS: dict[Area, tuple[str, ...]] = {"invocation kind": ("synchronous", "asynchronous", "event source mapping")}

_GUIDE = "Lambda Developer Guide"
_DESIGN = """
blueprint: calls
region: eu-west-1
components:
  uploads: {{kind: s3_bucket, notifications: [{{to: {notified}, suffix: .jpg}}]}}
  jobs: {{kind: sqs_queue}}
  worker: {{kind: lambda_function, url: {{auth: {auth}}}{worker}}}
"""
_SYNC = Request.make("internet", "https://worker.lambda-url.eu-west-1.on.aws/")


def _upload(name: str) -> Request:
    signed = f"https://uploads.s3.eu-west-1.amazonaws.com/{name}?X-Amz-Signature=00"
    return Request.make("internet", signed, method="PUT")


def _design(notified: str = "worker", auth: str = "NONE", worker: str = "") -> str:
    return _DESIGN.format(notified=notified, auth=auth, worker=worker)


_SOURCE = ", event_sources: [{source: jobs}]"
_RUNS = Expected(shares={"worker": 1.0})
_IDLE = Expected(shares={"worker": 0.0})

CASES = (
    MatrixCase(
        "invocation kind",
        "synchronous",
        True,
        _design(worker=", outcome: raises"),
        _SYNC,
        Expected(Verdict.BLOCKED, 502, "LAMBDA_FUNCTION_ERROR"),
        f"{_GUIDE}, 'Invoke a Lambda function synchronously' (the caller gets the error)",
    ),
    MatrixCase(
        "invocation kind",
        "synchronous",
        False,
        _design(worker=", outcome: raises"),
        _upload("a.jpg"),
        Expected(Verdict.REACHABLE, 200, "LAMBDA_FUNCTION_ERROR"),
        f"{_GUIDE}, 'Invoking a Lambda function asynchronously' (the caller does not)",
    ),
    MatrixCase(
        "invocation kind",
        "asynchronous",
        True,
        _design(),
        _upload("a.jpg"),
        _RUNS,
        "S3 User Guide, 'Amazon S3 Event Notifications'",
    ),
    MatrixCase(
        "invocation kind",
        "asynchronous",
        False,
        _design(),
        _upload("a.png"),
        _IDLE,
        "S3 User Guide, 'Configuring event notifications using object key name filtering'",
    ),
    MatrixCase(
        "invocation kind",
        "event source mapping",
        True,
        _design("jobs", worker=_SOURCE),
        _upload("a.jpg"),
        _RUNS,
        f"{_GUIDE}, 'Using Lambda with Amazon SQS'",
    ),
    MatrixCase(
        "invocation kind",
        "event source mapping",
        False,
        _design("jobs", worker=_SOURCE.replace("jobs}", "jobs, enabled: false}")),
        _upload("a.jpg"),
        _IDLE,
        f"{_GUIDE}, 'Using Lambda with Amazon SQS'",
    ),
)
