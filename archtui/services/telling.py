"""How stores and queues tell others of what they get: what ``connect`` makes from them."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_link, append_to, set_property
from archtui.services.aurora.properties import DbClusterProperties, DbProxyProperties
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.services.events import EVENT
from archtui.services.kinesis.properties import FirehoseStreamProperties
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.services.policy_edits import with_statement
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.s3.properties import S3BucketProperties
from archtui.services.sns.properties import SnsTopicProperties
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.services.using_stores import STORES
from archtui.services.wiring import RefusedError, Wiring, never, way
from archtui.trace.permission import Guarded

_ACTIONS = {"sqs_queue": "sqs:ReceiveMessage", "kinesis_stream": "kinesis:GetRecords"}


def _to_function(wiring: Wiring, source: Component, function: Component) -> str:
    """Let Lambda poll ``source`` for the function."""
    table = as_kind(wiring.world, source.id, DynamoDbTableProperties)
    if table is not None and table.stream is None:
        wiring.do(set_property(source.id, ("stream",), "NEW_AND_OLD_IMAGES"), f"{source.id} gets a stream")
    settings = as_kind(wiring.world, function.id, LambdaFunctionProperties)
    if settings and not any(mapping.source == source.id for mapping in settings.event_sources):
        edit = append_to(wiring.world.blueprint, function.id, ("event_sources",), {"source": source.id})
        wiring.do(edit, f"Lambda polls {source.id} for {function.id}")
    return f"{function.id} works on what {source.id} keeps"


def _to_worker(wiring: Wiring, source: Component, worker: Component) -> str:
    """Let a worker poll ``source``: it has to reach the API."""
    action = _ACTIONS[source.kind.name]
    if not any(link.target == source.id and link.action == action for link in wiring.world.links_from(worker.id)):
        others = {link.target for link in wiring.world.links_from(worker.id)}
        link: dict[str, Json] = {"from": worker.id, "to": source.id, "action": action}
        wiring.do(add_link(wiring.world.blueprint, link), f"{worker.id} polls {source.id}")
        if source.id not in others:  # the way there; the link itself stands already
            made = STORES[source.kind.name](wiring.world, worker, source)
            edit = getattr(made, "edit", None)
            if edit is None:
                raise RefusedError(getattr(made, "reason", f"{worker.id} has no way to {source.id}."))
            wiring.do(edit, f"{worker.id} gets a way to {source.id}")
    return f"{worker.id} works on what {source.id} keeps"


def _allow(wiring: Wiring, target: str, service: str, source: Component, action: str) -> None:
    """Let ``service`` act for ``source`` where the target states a policy; what is not stated needs none here."""
    component = wiring.world.components[target]
    guards, asks = component.kind.behaviour(Guarded), source.kind.behaviour(Guarded)
    written = wiring.raw(target, "policy")
    if guards is None or asks is None or not written or f"{service}.amazonaws.com" in guards.policy(component):
        return
    sourced = asks.resource(source, EVENT, wiring.world).removesuffix("/*")
    statement: dict[str, Json] = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": guards.resource(component, EVENT, wiring.world),
        "Condition": {"ArnLike": {"aws:SourceArn": sourced}},
    }
    changed = with_statement(written, statement)
    wiring.do(set_property(target, ("policy",), changed), f"{target} lets {service} write")


def _subscribe(wiring: Wiring, topic: Component, target: Component) -> str:
    """Subscribe ``target``; a FIFO topic takes queues alone."""
    settings = as_kind(wiring.world, topic.id, SnsTopicProperties)
    if settings is None or (settings.fifo and target.kind.name != "sqs_queue"):
        raise RefusedError(f"{topic.id} is a FIFO topic: it delivers to queues alone.", "Put a queue in between.")
    if not any(item.to == target.id for item in settings.subscriptions):
        edit = append_to(wiring.world.blueprint, topic.id, ("subscriptions",), {"to": target.id})
        wiring.do(edit, f"{topic.id} delivers to {target.id}")
    if target.kind.name == "sqs_queue":
        _allow(wiring, target.id, "sns", topic, "sqs:SendMessage")
    return f"{topic.id} tells {target.id}"


def _notify(wiring: Wiring, bucket: Component, target: Component) -> str:
    """Let the bucket tell ``target`` of new objects."""
    settings = as_kind(wiring.world, bucket.id, S3BucketProperties)
    queue = as_kind(wiring.world, target.id, SqsQueueProperties)
    if queue is not None and queue.fifo:
        raise RefusedError(f"{target.id} is a FIFO queue, which S3 does not notify.", "Use a standard queue.")
    if settings and not any(item.to == target.id for item in settings.notifications):
        edit = append_to(wiring.world.blueprint, bucket.id, ("notifications",), {"to": target.id})
        wiring.do(edit, f"{bucket.id} tells {target.id} of new objects")
    actions = {"sqs_queue": "sqs:SendMessage", "sns_topic": "sns:Publish"}
    if target.kind.name in actions:
        _allow(wiring, target.id, "s3", bucket, actions[target.kind.name])
    return f"{bucket.id} tells {target.id}"


def _replicate(wiring: Wiring, bucket: Component, copy: Component) -> str:
    """Copy new objects; both buckets keep versions."""
    for name in (bucket.id, copy.id):
        settings = as_kind(wiring.world, name, S3BucketProperties)
        if settings and not settings.versioning:
            wiring.do(set_property(name, ("versioning",), True), f"{name} keeps versions")
    settings = as_kind(wiring.world, bucket.id, S3BucketProperties)
    if settings and not any(item.to == copy.id for item in settings.replication):
        edit = append_to(wiring.world.blueprint, bucket.id, ("replication",), {"to": copy.id})
        wiring.do(edit, f"{bucket.id} is copied to {copy.id}")
    return f"{bucket.id} is copied to {copy.id}"


def _redrive(wiring: Wiring, queue: Component, dead: Component) -> str:
    """Make ``dead`` the dead-letter queue of ``queue``; both are of one type."""
    one, other = (as_kind(wiring.world, item.id, SqsQueueProperties) for item in (queue, dead))
    if one is None or other is None or one.fifo != other.fifo:
        raise RefusedError(f"{queue.id} and {dead.id} are of different types; SQS wants one type.", "Make both FIFO.")
    if one.dead_letter is None or one.dead_letter.queue != dead.id:
        policy: Json = {"queue": dead.id, "max_receive_count": 5}
        wiring.do(
            set_property(queue.id, ("dead_letter",), policy), f"{queue.id} moves to {dead.id} what nobody works on"
        )
    return f"{dead.id} is the dead-letter queue of {queue.id}"


def _read_stream(wiring: Wiring, stream: Component, firehose: Component) -> str:
    settings = as_kind(wiring.world, firehose.id, FirehoseStreamProperties)
    if settings and settings.source != stream.id:
        wiring.do(set_property(firehose.id, ("source",), stream.id), f"{firehose.id} reads {stream.id}")
    return f"{firehose.id} reads {stream.id}"


def _deliver(wiring: Wiring, firehose: Component, target: Component) -> str:
    settings = as_kind(wiring.world, firehose.id, FirehoseStreamProperties)
    if settings and settings.destination != target.id:
        wiring.do(set_property(firehose.id, ("destination",), target.id), f"{firehose.id} delivers to {target.id}")
    return f"{firehose.id} delivers to {target.id}"


def _second(wiring: Wiring, primary: Component, secondary: Component) -> str:
    """Make ``secondary`` follow in a global database: in another region, with the same engine."""
    one, other = (as_kind(wiring.world, item.id, DbClusterProperties) for item in (primary, secondary))
    if one is None or other is None or one.engine != other.engine or not one.is_aurora:
        raise RefusedError("A global database has clusters of one Aurora engine.", "Choose one engine for both.")
    if wiring.world.placement(primary.id).region == wiring.world.placement(secondary.id).region:
        raise RefusedError(
            "The clusters of a global database stand in different regions.", f"Add instances to {primary.id} instead."
        )
    if one.replica_of == secondary.id:
        raise RefusedError(f"{primary.id} follows {secondary.id} already.")
    if other.replica_of != primary.id:
        wiring.do(set_property(secondary.id, ("replica_of",), primary.id), f"{secondary.id} follows {primary.id}")
    return f"{primary.id} replicates to {secondary.id}"


def _behind(wiring: Wiring, proxy: Component, database: Component) -> str:
    """Put ``database`` behind the proxy and let the proxy in there."""
    settings = as_kind(wiring.world, proxy.id, DbProxyProperties)
    if settings and settings.target != database.id:
        wiring.do(set_property(proxy.id, ("target",), database.id), f"{proxy.id} stands before {database.id}")
    instance = as_kind(wiring.world, database.id, DbInstanceProperties)
    cluster = as_kind(wiring.world, database.id, DbClusterProperties)
    port = instance.listener_port if instance else cluster.ports[0] if cluster else None
    if port is not None:
        wiring.reach(proxy.id, database.id, port)
    return f"{proxy.id} stands before {database.id}"


_WORKERS = dict.fromkeys(("ec2_instance", "auto_scaling_group", "ecs_service"), way(_to_worker))
QUEUE: Mapping[str, Way] = {"lambda_function": way(_to_function), "sqs_queue": way(_redrive), **_WORKERS}
STREAM: Mapping[str, Way] = {"lambda_function": way(_to_function), "firehose_stream": way(_read_stream), **_WORKERS}
TABLE: Mapping[str, Way] = {"lambda_function": way(_to_function)}
TOPIC: Mapping[str, Way] = dict.fromkeys(
    ("sqs_queue", "lambda_function", "firehose_stream", "application_load_balancer"), way(_subscribe)
)
BUCKET: Mapping[str, Way] = {
    **dict.fromkeys(("sqs_queue", "sns_topic", "lambda_function"), way(_notify)),
    "s3_bucket": way(_replicate),
    "efs_file_system": never("{a} and {b} keep different things: objects and files.", "Copy them with DataSync."),
}
FIREHOSE: Mapping[str, Way] = dict.fromkeys(("s3_bucket", "redshift_cluster", "opensearch_domain"), way(_deliver))
CLUSTER: Mapping[str, Way] = {"db_cluster": way(_second)}
PROXY: Mapping[str, Way] = {"db_instance": way(_behind), "db_cluster": way(_behind)}
