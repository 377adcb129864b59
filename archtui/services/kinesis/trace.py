"""What streams do with records: keep them in shards, hand them to every consumer, deliver them in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.consumers import Consumer, consumers, handed_to
from archtui.services.events import API, EVENT, accepted, carried, refused
from archtui.services.kinesis.properties import (
    FirehoseStreamProperties,
    FlinkApplicationProperties,
    KinesisStreamProperties,
)
from archtui.services.kinesis.sharing import GET_RECORDS, shard_use, sharing
from archtui.services.stores.properties import RedshiftProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Otherwise, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Http
from archtui.world.steps import Action, RuleRef, Step

SHARED_MS, FAN_OUT_MS = 200.0, 70.0
"""Typical delay of consumers that share a shard, and of those with enhanced fan-out (Kinesis Data Streams
Developer Guide, 'Develop enhanced fan-out consumers with dedicated throughput')."""


class StreamReceives(Receives, HandsOut):
    """A stream keeps records in the shard of their key; every consumer gets all of them."""

    def takes(self, action: str) -> bool:
        return action == GET_RECORDS

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        stream = properties_as(component, KinesisStreamProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        if message.action == GET_RECORDS:
            worker = arrival.sender
            text = f"{component.id} hands the record out; others can read it too until retention ends."
            ways = handed_to(component, worker, f"{worker.component} works on the record.", walk)
            calls = (Call(f"{component.id} > {worker.component}", ways),) if ways else ()
            return Reception((hop(component, accepted(component, text, "retention")),), calls, 200)
        text = f"{component.id} keeps the record in the shard of its key for {stream.retention / 3600:g} h."
        steps = [accepted(component, text, "retention")]
        found = _all_consumers(component, walk)
        crowd = _crowded(component, stream, walk)
        if crowd is not None:
            steps.append(crowd)
        if not found:
            text = f"Nobody reads {component.id}: records go when retention ends."
            steps.append(Step("service", Action.FORWARD, codes.STREAM_NO_CONSUMER, text, RuleRef(component.id, text)))
        events = tuple(self._handed(component, stream, consumer) for consumer in found)
        return Reception((hop(component, *steps),), (*_throttled(component, stream), *events), 200)

    @staticmethod
    def _handed(component: Component, stream: KinesisStreamProperties, consumer: Consumer) -> Call:
        own = consumer.component in stream.enhanced_fan_out
        how = "with 2 MB/s of each shard of its own" if own else "sharing each shard's 2 MB/s"
        delay = Latency(f"{component.id} > {consumer.component}", FAN_OUT_MS if own else SHARED_MS, f"a consumer {how}")
        return Call(
            f"{component.id} > {consumer.component}", consumer.ways, "after", delay=delay, otherwise=consumer.otherwise
        )


def _all_consumers(stream: Component, walk: Walk) -> tuple[Consumer, ...]:
    return (*consumers(stream, GET_RECORDS, codes.STREAM_NO_CONSUMER, walk, batch=100), *_readers(stream, walk))


def _readers(stream: Component, walk: Walk) -> Iterator[Consumer]:
    """Yield the Firehose streams and the applications that read the stream."""
    for edge in walk.world.referrers(stream.id):
        reader = walk.world.components[edge.source]
        if edge.path == ("source",) and isinstance(
            reader.properties, FirehoseStreamProperties | FlinkApplicationProperties
        ):
            text = f"{reader.id} reads the record from {stream.id}."
            rule = RuleRef(reader.id, f"source {stream.id}", ("source",))
            yield Consumer(reader.id, carried(stream, reader.id, text, walk, rule=rule).ways)


def _crowded(component: Component, stream: KinesisStreamProperties, walk: Walk) -> Step | None:
    """Return the step that says that consumers share too little."""
    found = sharing(component, stream, walk.world)
    if found is None:
        return None
    text = f"{len(found.readers)} consumers share {found.have:g} KB/s and want {found.wanted:g} KB/s: they fall behind."
    return Step("service", Action.FORWARD, codes.KINESIS_READ_THROTTLED, text, RuleRef(component.id, text, ("shards",)))


def _throttled(component: Component, stream: KinesisStreamProperties) -> Iterator[Call]:
    use = shard_use(stream)
    if use is None:
        return
    served = accepted(component, f"The load needs {use.arithmetic}.", "load")
    ways = [Way(use.served, "served", Endpoint(component.id), None, API, (hop(component, served),), 200)]
    if use.served < 1:
        text = f"The load needs {use.arithmetic}, but {use.reason}: ProvisionedThroughputExceededException."
        step = refused(component, codes.KINESIS_WRITE_THROTTLED, text, "shards")
        ways.append(Way(1 - use.served, "throttled", Endpoint(component.id), None, API, (hop(component, step),), 400))
    yield Call(f"the shards of {component.id}", tuple(ways), relays=True)


class FirehoseReceives(Receives):
    """Firehose gathers records, lets a function change them, and delivers them.

    Source: Firehose Developer Guide, 'Understand data delivery in Amazon Data Firehose', 'Handle data delivery
    failures': what cannot be delivered goes to the backup bucket.
    """

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        stream = properties_as(component, FirehoseStreamProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        text = (
            f"{component.id} gathers records for {stream.buffer_seconds} s or {stream.buffer_size} MB, what is first."
        )
        return Reception(
            (hop(component, accepted(component, text, "buffer_seconds")),),
            tuple(_delivered(component, stream, walk)),
            200,
        )


def _delivered(component: Component, stream: FirehoseStreamProperties, walk: Walk) -> Iterator[Call]:
    wait = Latency(
        component.id, stream.buffer_seconds * 1000.0, f"{component.id} gathers for {stream.buffer_seconds} s"
    )
    kept = _backed_up(component, stream, walk)
    if stream.transform:
        text = f"{component.id} invokes {stream.transform} to change the records."
        rule = RuleRef(component.id, f"transform {stream.transform}", ("transform",))
        call = carried(component, stream.transform, text, walk, message=API, delay=wait, rule=rule)
        yield replace(call, otherwise=kept)
    to, rule = stream.destination, RuleRef(component.id, f"destination {stream.destination}", ("destination",))
    text = f"{component.id} delivers the batch to {to}."
    if to not in walk.world.components:
        step = Step("service", Action.ORIGINATE, "", text, rule)
        way = Way(1.0, to, Endpoint(component.id), None, EVENT, (hop(component, step),))
        yield Call(f"{component.id} > {to}", (way,), "after", delay=wait)
        return
    target = walk.world.components[to]
    if stream.staging is not None and isinstance(target.properties, RedshiftProperties):
        # Firehose Developer Guide, 'Understand data delivery': into a bucket first, then a COPY command.
        put = f"{component.id} puts the batch into {stream.staging}."
        text = f"{component.id} lets {to} copy the batch from {stream.staging}."
        staged = RuleRef(component.id, f"staging {stream.staging}", ("staging",))
        message = replace(EVENT, http=Http("PUT", "https", path="/batch"), action="s3:PutObject")
        yield carried(component, stream.staging, put, walk, message=message, delay=wait, rule=staged)
    receives = target.kind.behaviour(Receives)
    message = replace(EVENT, port=receives.port(target) if receives else 443)
    if target.kind.behaviour(Receives) and target.kind.scope == "region":
        message = replace(message, http=Http("PUT", "https", path="/batch"), action="s3:PutObject")
    call = carried(component, to, text, walk, message=message, delay=wait, rule=rule)
    yield replace(call, otherwise=kept)


def _backed_up(component: Component, stream: FirehoseStreamProperties, walk: Walk) -> Otherwise | None:
    if stream.backup is None:
        return None
    text = f"What {component.id} could not deliver goes to {stream.backup}."
    rule = RuleRef(component.id, f"backup {stream.backup}", ("backup",))
    message = replace(EVENT, action="s3:PutObject")
    return Otherwise(carried(component, stream.backup, text, walk, message=message, rule=rule))


class FlinkReceives(Receives):
    """An application gathers records in windows and sends a result for each."""

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        flink = properties_as(component, FlinkApplicationProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        text = f"{component.id} gathers the records of a window of {flink.window:g} s."
        wait = Latency(component.id, flink.window * 1000, f"{component.id} has windows of {flink.window:g} s")
        calls = tuple(
            carried(
                component,
                sink,
                f"{component.id} sends the window's result to {sink}.",
                walk,
                delay=wait,
                rule=RuleRef(component.id, f"sink {sink}", ("sinks", at)),
            )
            for at, sink in enumerate(flink.sinks)
        )
        return Reception((hop(component, accepted(component, text, "window")),), calls, 200)


__all__ = ["FirehoseReceives", "FlinkReceives", "StreamReceives"]
