"""Properties of Lambda functions, named as the Lambda API names them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from archtui.model.fields import Duration, Part, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText, RoleRef
from archtui.services.references import SecurityGroupRef, SubnetIn


class EventSource(Part):
    """A mapping by which Lambda itself takes messages from a queue and calls the function with them."""

    source: Annotated[str, Reference(("sqs_queue", "dynamodb_table"), "uses")]
    """What Lambda polls."""
    batch_size: Annotated[int, Field(ge=1, le=10000)] = 10
    """The most messages of one call."""
    enabled: bool = True
    """Whether Lambda polls it."""


class LambdaFunctionProperties(Properties):
    """A function: code that runs for each call."""

    runtime: str = "python3.12"
    """What runs the code."""
    memory: Annotated[int, Field(ge=128, le=10240)] = 128
    """MB of memory; the processor's share grows with it."""
    timeout: Annotated[Duration, Field(ge=1, le=900)] = 3.0
    """Seconds after which a call is stopped; at most 900."""
    duration: Duration | None = None
    """Seconds a call usually takes; left out: not stated, taken to be within the timeout."""
    reserved_concurrency: Annotated[int, Field(ge=0)] | None = None
    """Calls at once that are set aside for it and that it cannot exceed; 0 stops it; left out: the account's."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets it reaches from inside a VPC; left out: it runs outside the customer's networks."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The groups of its interfaces in these subnets; left out: the VPC's default group."""
    event_sources: tuple[EventSource, ...] = ()
    """The queues and streams that Lambda takes messages from for it."""
    retries: Annotated[int, Field(ge=0, le=2)] = 2
    """How often Lambda tries an asynchronous call again."""
    on_success: Annotated[str, Reference(("sqs_queue", "lambda_function"), "uses")] | None = None
    """Where the result of an asynchronous call goes."""
    on_failure: Annotated[str, Reference(("sqs_queue", "lambda_function"), "uses")] | None = None
    """Where an asynchronous call goes that failed in every try."""
    role: RoleRef | None = None
    """Its execution role, as which its code calls AWS APIs; left out: not stated."""
    policy: PolicyText = ""
    """Its resource policy, which says who may invoke it; left out: not stated."""
    kms_key: KeyRef | None = None
    """The customer managed key that encrypts its environment variables; left out: the AWS managed key aws/lambda."""
    account: str | None = None
    """The owning account; left out: its subnets' or the blueprint's."""
    region: Region | None = None
    """The region; left out: its subnets' or the design's."""


__all__ = ["EventSource", "LambdaFunctionProperties"]
