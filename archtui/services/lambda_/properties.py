"""Properties of Lambda functions, named as the Lambda API names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from archtui.model.fields import Duration, Part, Percent, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText, RoleRef
from archtui.services.references import SecurityGroupRef, SubnetIn

Receiver = Annotated[str, Reference((), "uses")]
"""A queue, a topic, a function, an event bus or a bucket that is told how calls end."""


class EventSource(Part):
    """A mapping by which Lambda itself takes records from a queue or stream and calls the function with them."""

    source: Annotated[str, Reference((), "uses")]
    """The queue, stream or topic of a Kafka cluster that Lambda polls."""
    batch_size: Annotated[int, Field(ge=1, le=10000)] | None = None
    """The most records of one call; left out: 10 from a queue, 100 from a stream."""
    batch_window: Annotated[Duration, Field(ge=0, le=300)] = 0.0
    """Seconds Lambda waits to fill a batch."""
    enabled: bool = True
    """Whether Lambda polls it."""
    report_batch_item_failures: bool = False
    """Whether the function says which records failed, so that only these come again."""
    maximum_retries: Annotated[int, Field(ge=-1, le=10000)] = -1
    """For a stream: how often a failing batch is tried again; -1: until its records expire."""
    maximum_record_age: Annotated[int, Field(ge=-1, le=604800)] = -1
    """For a stream: seconds after which a record is given up; -1: when it expires."""
    bisect_on_error: bool = False
    """For a stream: whether a failing batch is cut in two and tried again."""
    parallelization: Annotated[int, Field(ge=1, le=10)] = 1
    """For a stream: batches of one shard that are worked on at the same time."""
    maximum_concurrency: Annotated[int, Field(ge=2, le=1000)] | None = None
    """For a queue: the most calls at once; left out: up to the function's concurrency."""
    on_failure: Receiver | None = None
    """For a stream: where Lambda notes the batches it has given up."""
    filters: tuple[Mapping[str, JsonValue], ...] = ()
    """Patterns of which a record must match one; the others never come to the function."""
    matching: Percent | None = None
    """The share of the records that match, an assumption; left out: not known."""


class Permission(Part):
    """A statement of the resource policy in short: which service may invoke the function."""

    principal: str
    """The service: ``s3.amazonaws.com``."""
    source: Annotated[str, Reference((), "uses")] | None = None
    """Only for this component; left out: for all of the service's."""


class PublishedVersion(Part):
    """An unchangeable version of the function."""

    version: str
    """Its number: ``1``."""
    duration: Duration | None = None
    """Seconds a call of it usually takes; left out: the function's."""
    outcome: Literal["returns", "raises", "malformed"] = "returns"
    """What its code does with a call."""


class FunctionAlias(Part):
    """A name for a version, by which callers call the function."""

    name: str
    """Its name: ``live``."""
    version: str
    """The version it points at."""
    additional_version: str = ""
    """A second version that gets part of the calls (a canary)."""
    additional_weight: Percent | None = None
    """That part: ``10%``."""


class Layer(Part):
    """Libraries that several functions share."""

    name: str
    """Its name."""
    size: Annotated[float, Field(ge=0)] | None = None
    """Its unzipped size in MB."""


class FunctionUrl(Part):
    """An HTTPS name of the function's own."""

    auth: Literal["AWS_IAM", "NONE"] = "AWS_IAM"
    """Who may call it: those who sign their request, or anybody."""


class LambdaFunctionProperties(Properties):
    """A function: code that runs for each call."""

    runtime: str = "python3.12"
    """What runs the code."""
    memory: Annotated[int, Field(ge=128, le=10240)] = 128
    """MB of memory, 128 to 10240; the processor's share grows with it."""
    ephemeral_storage: Annotated[int, Field(ge=512, le=10240)] = 512
    """MB of /tmp, 512 to 10240."""
    timeout: Annotated[Duration, Field(ge=1, le=900)] = 3.0
    """Seconds after which a call is stopped; at most 900."""
    duration: Duration | None = None
    """Seconds a call usually takes; left out: not stated, taken to be within the timeout."""
    outcome: Literal["returns", "raises", "malformed"] = "returns"
    """What the code does with a call: it returns, ends with an error, or answers HTTP callers in a wrong form."""
    demand: Annotated[float, Field(ge=0)] | None = None
    """Calls a second to expect; left out: not stated, taken to be within the concurrency."""
    reserved_concurrency: Annotated[int, Field(ge=0)] | None = None
    """Calls at once that are set aside for it and that it cannot exceed; 0 stops it; left out: the account's."""
    provisioned_concurrency: Annotated[int, Field(ge=0)] = 0
    """Environments kept ready, so that as many calls at once have no cold start."""
    cold_start: Duration = 0.5
    """Seconds a cold start takes; an assumption: AWS says from under 0.1 to over 1."""
    cold_start_share: Percent | None = None
    """The share of calls that meet a cold start; left out: none is shown (AWS: under 1 % of a production load)."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets it reaches from inside a VPC; left out: it runs outside the customer's networks."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The groups of its interfaces in these subnets; left out: the VPC's default group."""
    event_sources: tuple[EventSource, ...] = ()
    """The queues and streams that Lambda takes records from for it."""
    retries: Annotated[int, Field(ge=0, le=2)] = 2
    """How often Lambda tries an asynchronous call again."""
    event_age: Annotated[Duration, Field(ge=60, le=21600)] = 21600.0
    """Seconds an asynchronous call may wait and be tried again; 6 hours at most."""
    on_success: Receiver | None = None
    """Where the result of an asynchronous call goes."""
    on_failure: Receiver | None = None
    """Where an asynchronous call goes that failed in every try."""
    role: RoleRef | None = None
    """Its execution role, as which its code calls AWS APIs; left out: not stated."""
    policy: PolicyText = ""
    """Its resource policy, which says who may invoke it; left out: not stated, taken to be as its triggers need."""
    kms_key: KeyRef | None = None
    """The customer managed key that encrypts its environment variables; left out: the AWS managed key aws/lambda."""
    account: str | None = None
    """The owning account; left out: its subnets' or the blueprint's."""
    dead_letter: Receiver | None = None
    """The dead-letter queue or topic for asynchronous calls that failed in every try; ``on_failure`` tells more."""
    permissions: tuple[Permission, ...] | None = None
    """Statements of its resource policy in short, an older way to write ``policy``; read where that is left out."""
    versions: tuple[PublishedVersion, ...] = ()
    """Its published versions."""
    alias: FunctionAlias | None = None
    """The alias that callers use; left out: they call ``$LATEST``."""
    layers: tuple[Layer, ...] = ()
    """Its layers; at most 5."""
    package: Literal["zip", "image"] = "zip"
    """How its code is delivered."""
    package_size: Annotated[float, Field(ge=0)] | None = None
    """Its unzipped size in MB (an image's size), layers not counted."""
    url: FunctionUrl | None = None
    """Its function URL; left out: none."""
    user_keys: bool = False
    """Whether its code carries access keys of an IAM user, beside or instead of its role."""
    region: Region | None = None
    """The region; left out: its subnets' or the design's."""

    @property
    def resource_policy(self) -> str:
        """The resource policy as JSON, from whichever way it is written; empty: none is stated."""
        if self.policy or self.permissions is None:
            return self.policy
        return json.dumps({"Version": "2012-10-17", "Statement": [_statement(each) for each in self.permissions]})


def _statement(permission: Permission) -> dict[str, JsonValue]:
    """Return what ``aws lambda add-permission`` writes: one service, from one source or from any."""
    statement: dict[str, JsonValue] = {
        "Effect": "Allow",
        "Principal": {"Service": permission.principal},
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    if permission.source is not None:
        statement["Condition"] = {"ArnLike": {"AWS:SourceArn": permission.source}}
    return statement


__all__ = [
    "EventSource",
    "FunctionAlias",
    "FunctionUrl",
    "LambdaFunctionProperties",
    "Layer",
    "Permission",
    "PublishedVersion",
]
