"""Reading buckets from ``aws s3api list-buckets`` and the ``get-bucket-*`` of each.

What ``get-bucket-*`` returns does not say of which bucket it is: the name of its file or of a folder above has to hold
the bucket's name (``uploads-versioning.json``, ``uploads/versioning.json``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    flag,
    given,
    items,
    need,
    text,
    texts,
)
from archtui.model.component import Json
from archtui.services.described import last_part

_TELLS = {
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
}
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_DETAILS = (
    "BucketVersioning",
    "BucketLocation",
    "BucketPolicy",
    "PublicAccessBlockConfiguration",
    "ReplicationConfiguration",
    "OwnershipControls",
    "LoggingEnabled",
    *_TELLS,
)


class DescribesBucket(Describes):
    """``s3api list-buckets`` for the names, ``get-bucket-*`` and ``get-public-access-block`` for the rest."""

    keys = ("Buckets",)
    details = _DETAILS

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        name = need(record.data, "Name")
        own = inventory.part(_by_bucket).get(name, {})
        location = next((text(data, "LocationConstraint") for data in own.get("BucketLocation", ())), "")
        region = text(record.data, "BucketRegion") or ("eu-west-1" if location == "EU" else location) or record.region
        properties = given(
            versioning=any(text(data, "Status") == "Enabled" for data in own.get("BucketVersioning", ())) or None,
            policy=next((text(data, "Policy") for data in own.get("BucketPolicy", ())), ""),
            object_ownership=_ownership(own),
            logs_to=next((text(data, "TargetBucket") for data in own.get("LoggingEnabled", ())), ""),
            region=region,
        )
        blocks = own.get("PublicAccessBlockConfiguration", ())
        if blocks:
            properties["block_public_access"] = all(flag(blocks[0], key) for key in _BLOCKS)
        for key, found in (("replication", tuple(_copies(own))), ("notifications", tuple(_told(own)))):
            if found:
                listed: list[Json] = list(found)
                properties[key] = listed
        missing = [] if blocks else ["whether public access is blocked is not in the input; it is taken to be"]
        yield Described(name, properties, notes=tuple(missing))


def _by_bucket(inventory: Inventory) -> Mapping[str, Mapping[str, tuple[Data, ...]]]:
    """Return what the files say, by bucket and list."""
    names = sorted((text(record.data, "Name") for record in inventory.of("Buckets")), key=len, reverse=True)
    found: dict[str, dict[str, tuple[Data, ...]]] = {}
    for record in inventory.of(*_DETAILS):
        path = PurePath(record.file)
        words = (path.stem, *reversed(path.parts[:-1]))
        name = next((name for word in words for name in names if name and name in word), None)
        if name is not None:
            of_key = found.setdefault(name, {})
            of_key[record.key] = (*of_key.get(record.key, ()), record.data)
    return found


def _ownership(own: Mapping[str, tuple[Data, ...]]) -> str:
    rules = (rule for data in own.get("OwnershipControls", ()) for rule in items(data, "Rules"))
    return next((text(rule, "ObjectOwnership") for rule in rules), "")


def _copies(own: Mapping[str, tuple[Data, ...]]) -> Iterator[Json]:
    for data in own.get("ReplicationConfiguration", ()):
        for rule in items(data, "Rules"):
            if text(rule, "Status", "Enabled") == "Enabled":
                yield given(
                    to=last_part(need(rule, "Destination.Bucket")),
                    prefix=text(rule, "Filter.Prefix") or text(rule, "Prefix"),
                    time_control=text(rule, "Destination.ReplicationTime.Status") == "Enabled" or None,
                )


def _told(own: Mapping[str, tuple[Data, ...]]) -> Iterator[Json]:
    for key, path in _TELLS.items():
        for data in own.get(key, ()):
            named = {text(rule, "Name").lower(): text(rule, "Value") for rule in items(data, "Filter.Key.FilterRules")}
            events: list[Json] = list(texts(data, "Events"))
            arn = need(data, path)
            to = arn.split(":")[6] if key.startswith("Lambda") and arn.count(":") >= 6 else last_part(arn)
            yield given(to=to, events=events, prefix=named.get("prefix"), suffix=named.get("suffix"))


__all__ = ["DescribesBucket"]
