"""What a table does with a request: it gives or keeps an item, and tells its stream and its replicas of the change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.consumers import consumers, handed_to
from archtui.services.dynamodb.capacity import ITEM_LIMIT_KB, Demand, demand
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.services.events import API, EVENT, accepted, refused
from archtui.services.regional import RegionalApi, region_of
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

GET_RECORDS = "dynamodb:GetRecords"
STREAM_HOURS = 24
REPLICATION_MS = 1000.0
"""Changes reach the other regions usually within a second (fact dynamodb_global_tables-lag-01)."""

Access = Literal["read", "write", "both"]
_READS = ("Get", "BatchGet", "Query", "Scan", "TransactGet", "ConditionCheck", "PartiQLSelect", "Describe", "List")


class TableApi(RegionalApi):
    """The API of each region that has a replica of the table; a caller asks that of its own region."""

    def regions(self, component: Component, world: World) -> tuple[str, ...]:
        table = properties_as(component, DynamoDbTableProperties)
        return tuple(dict.fromkeys((region_of(component, world), *table.replicas)))


TABLE_API = TableApi("dynamodb")


def access_of(action: str) -> Access:
    """Return what an action does to items; an action that is not stated may do both."""
    name = action.partition(":")[2]
    if not name or "*" in name:
        return "both"
    return "read" if name.startswith(_READS) else "write"


class TableReceives(Receives, HandsOut):
    """A table answers in milliseconds, or throttles what is beyond its capacity."""

    def takes(self, action: str) -> bool:
        return action == GET_RECORDS

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        table = properties_as(component, DynamoDbTableProperties)
        region = TABLE_API.region_for(component, arrival.sender.component, walk.world)
        if walk.condition.named(component.id) or region in walk.condition.regions:
            lost = f"{component.id} is down in {region}." if table.replicas else f"{component.id} is down."
            return Reception((hop(component, refused(component, codes.BAD_STATE, lost)),))
        if message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        if message.action == GET_RECORDS:
            return self._records(arrival, table, walk)
        access = access_of(message.action)
        denial = _refusal(component, table, access)
        if denial is not None:
            return Reception((hop(component, denial),), status=400)
        steps = [_served(component, table, access, region)]
        calls = [call for kind in _kinds(access) for call in _throttled(component, table, kind)]
        if access != "read":
            calls += [*_replicated(component, table, region, walk), *_streamed(component, table, walk)]
            if table.ttl_attribute:
                text = f"The item goes some time after the second in its {table.ttl_attribute}."
                steps.append(accepted(component, text, "ttl_attribute", facts=("dynamodb-ttl-01",)))
        return Reception((hop(component, *steps),), tuple(calls), 200)

    @staticmethod
    def _records(arrival: Arrival, table: DynamoDbTableProperties, walk: Walk) -> Reception:
        component, worker = arrival.component, arrival.sender
        if table.stream is None:
            text = f"{component.id} has no stream to read."
            return Reception(
                (hop(component, refused(component, codes.DYNAMODB_NO_STREAM, text, "stream")),), status=400
            )
        text = f"The stream of {component.id} hands out the change ({table.stream}), kept for {STREAM_HOURS} h."
        step = accepted(component, text, "stream", facts=("dynamodb_streams-window-01",))
        ways = handed_to(component, worker, f"{worker.component} works on the change.", walk)
        return Reception((hop(component, step),), _calls(f"{component.id} > {worker.component}", ways), 200)


def _calls(label: str, ways: tuple[Way, ...]) -> tuple[Call, ...]:
    return (Call(label, ways),) if ways else ()


def _kinds(access: Access) -> tuple[Literal["read", "write"], ...]:
    return ("read", "write") if access == "both" else (access,)


def _refusal(component: Component, table: DynamoDbTableProperties, access: Access) -> Step | None:
    """Return what DynamoDB answers with a ValidationException (Developer Guide, 'Error handling with DynamoDB')."""
    if access != "read" and table.item_size > ITEM_LIMIT_KB:
        text = f"Items of {table.item_size:g} KB are over the {ITEM_LIMIT_KB} KB that {component.id} takes."
        return refused(component, codes.DYNAMODB_ITEM_TOO_LARGE, text, "item_size", facts=("dynamodb-item-size-01",))
    load = table.load
    if access == "write" or load is None or not load.index:
        return None
    index = next((index for index in table.indexes if index.name == load.index), None)
    if index is None:
        text = f"{component.id} has no index {load.index}."
        return refused(component, codes.DYNAMODB_NO_INDEX, text, "load", "index")
    if index.type == "global" and load.consistent:
        text = f"{load.index} is a global index of {component.id}: it cannot be read strongly consistently."
        return refused(component, codes.DYNAMODB_GSI_CONSISTENT_READ, text, "load", facts=("dynamodb_gsi-eventual-01",))
    return None


def _served(component: Component, table: DynamoDbTableProperties, access: Access, region: str) -> Step:
    key = table.partition_key + (f" and {table.sort_key}" if table.sort_key else "")
    load = table.load
    how = "strongly consistent" if load and load.consistent else "eventually consistent"
    index = f" by the index {load.index}" if load and load.index else f" by {key}"
    read = f"gives the item{index}, {how}"
    what = {"read": read, "write": f"keeps the item under {key} in three zones", "both": f"{read}, or keeps it"}[access]
    where = f" from its replica in {region}" if table.replicas else ""
    return accepted(component, f"{component.id} {what}{where}.", "partition_key")


def _throttled(component: Component, table: DynamoDbTableProperties, kind: Literal["read", "write"]) -> Iterator[Call]:
    """Yield the branches where the stated load is more than the table bears."""
    found = demand(table, kind)
    if found is None:
        return
    ways = [_way(component, found, found.served, throttled=False)]
    if found.served < 1:
        ways.append(_way(component, found, 1 - found.served, throttled=True))
    yield Call(f"the {kind} capacity of {component.id}", tuple(ways), relays=True)


def _way(component: Component, found: Demand, weight: float, throttled: bool) -> Way:
    if not throttled:
        rest = f", but {found.reason}: {found.served * 100:.3g} % is served" if found.served < 1 else ""
        step = accepted(component, f"{found.arithmetic}{rest}.", *found.path)
        return Way(weight, "served", Endpoint(component.id), None, API, (hop(component, step),), 200)
    text = f"{found.arithmetic}, but {found.reason}: the rest gets ProvisionedThroughputExceededException."
    step = refused(component, codes.DYNAMODB_THROTTLED, text, *found.path, facts=("dynamodb-throttle-01",))
    return Way(weight, "throttled", Endpoint(component.id), None, API, (hop(component, step),), 400)


def _replicated(component: Component, table: DynamoDbTableProperties, region: str, walk: Walk) -> Iterator[Call]:
    """Yield what reaches the other regions: after the answer, or before it where reads are strong everywhere."""
    strong = table.multi_region_consistency == "strong"
    for other in TABLE_API.regions(component, walk.world):
        if other == region:
            continue
        rule = RuleRef(component.id, f"replica in {other}", ("replicas",))
        if other in walk.condition.regions:
            text = f"The replica in {other} is lost; it gets the change when its region is back."
            step = Step("service", Action.FORWARD, codes.DYNAMODB_REPLICA_BEHIND, text, rule)
        else:
            when = "before the answer" if strong else "usually within a second; of two writes to an item the last wins"
            step = Step("service", Action.ORIGINATE, "", f"The change goes to the replica in {other}, {when}.", rule)
        way = Way(1.0, other, Endpoint(component.id), None, EVENT, (hop(component, step),))
        delay = Latency(f"{region} > {other}", REPLICATION_MS, "changes reach other regions usually within a second")
        yield Call(f"{component.id} > {other}", (way,), "after", delay=delay)


def _streamed(component: Component, table: DynamoDbTableProperties, walk: Walk) -> Iterator[Call]:
    """Yield a call for each consumer of the stream: each gets every change."""
    if table.stream is None:
        return
    for consumer in consumers(component, GET_RECORDS, codes.STREAM_NO_CONSUMER, walk):
        yield Call(f"{component.id} > {consumer.component}", consumer.ways, "after")


__all__ = ["TABLE_API", "TableReceives", "access_of"]
