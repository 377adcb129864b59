"""Finding and reading describe output: files, their lists, and the account and region each is from.

What a file holds is told by its content, never by its name; the folders above it only say which
account and region was asked (``accounts/ID/REGION/``), and where they do not, the content does.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from archtui.formats.describe import Data, Record, items, text
from archtui.model.component import Json
from archtui.model.errors import Location, Problem

CONFIGS = "aws_configs"
"""Where a snapshot folder keeps the describe output; what lies beside it is not AWS's."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")
_ACCOUNT = re.compile(r"\d{12}")
_ENVELOPE = ("NextToken", "ResponseMetadata", "NextMarker", "Marker", "IsTruncated", "MaxItems")
_NESTED = {"Reservations": "Instances"}
"""Lists whose records only wrap the resources."""
_EXPORT = "export it again with 'aws ... --output json'"


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: the records, and a problem for each file that could not be used."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    catalogues: tuple[tuple[str, int], ...]
    """Lists that add nothing to the design, with their length."""


CATALOGUES = {
    "ServiceNames": "a list of what AWS offers, not of what the account has",
    "ServiceDetails": "a list of what AWS offers, not of what the account has",
    "SecurityGroupRules": "the rules are read from SecurityGroups (describe-security-groups)",
}
"""Lists that add nothing to the design, and why."""


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files to read under ``path``, sorted; hidden ones are none of them."""
    if path.is_file():
        return (path,)
    found = sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    configs = tuple(file for file in found if CONFIGS in file.relative_to(path).parts)
    return configs or tuple(found)


def read_source(
    path: Path, known: Collection[str], content: bytes | None = None, wholes: Mapping[str, str] = MappingProxyType({})
) -> Source:
    """Read every file under ``path``; ``known`` are the lists that some kind reads, ``wholes`` the keys that mark a
    document which is one record of a list as a whole.

    With ``content`` (what came from standard input, say) ``path`` is only what messages call it.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    catalogues: Counter[str] = Counter()
    for file in files_of(path) if content is None else (path,):
        name = str(file)
        documents, problem = _documents(file, content)
        if problem:
            problems.append(problem)
        for document in (_as_list(document, wholes) for document in documents):
            if not isinstance(document, dict):
                what = "a list without the key that says what it holds" if isinstance(document, list) else "no list"
                problems.append(Problem(what, "export it again without --query", (), Location(name, 1, 1)))
                continue
            whole = _whole(document)
            if whole:
                records += _records(whole, [document], file, path)
                continue
            if not any(key in known or key in CATALOGUES or _is_list(value) for key, value in document.items()):
                remedy = "give the output of 'aws ec2 describe-vpcs', 'describe-subnets' and the like"
                problems.append(Problem("not what a describe command returns", remedy, (), Location(name)))
            for key, value in document.items():
                if key in _ENVELOPE:
                    continue
                if key in CATALOGUES:
                    catalogues[key] += len(value) if isinstance(value, list) else 1
                elif isinstance(value, list):
                    records += _records(key, value, file, path)
                elif key in known and isinstance(value, dict):
                    beside = {name: item for name, item in document.items() if _says_more(name, item, key, known)}
                    records += _records(key, [{**beside, **value}], file, path)
                elif key in known:
                    problems.append(Problem(f"{key} is not a list", _EXPORT, (key,), Location(name)))
    return Source(tuple(_located(records)), tuple(problems), tuple(sorted(catalogues.items())))


def _says_more(name: str, item: Json, key: str, known: Collection[str]) -> bool:
    """Whether what stands beside the resource ``key`` belongs to it: its VPCs, its delegation set."""
    return isinstance(item, list) or (isinstance(item, dict) and name in known and name != key)


def _whole(document: dict[str, Json]) -> str:
    """Return what a document as a whole describes, where its keys are those of one resource; empty: it holds lists."""
    if "BrokerId" in document and "BrokerName" in document:
        return "Broker"  # mq describe-broker
    if isinstance(document.get("Status"), str) and set(document) <= {"Status", "MFADelete"}:
        return "BucketVersioning"  # s3api get-bucket-versioning
    single = next(iter(document)) if len(document) == 1 else ""
    if single in ("LocationConstraint", "Policy") and not isinstance(document[single], list | dict):
        return {"LocationConstraint": "BucketLocation", "Policy": "BucketPolicy"}[single]  # s3api get-bucket-*
    return ""


def _as_list(document: Json, wholes: Mapping[str, str]) -> Json:
    """Return a document that is one resource as a list of it."""
    if isinstance(document, dict):
        for mark, key in wholes.items():
            if isinstance(document.get(mark), str):
                return {key: [document]}
    return document


def _is_list(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _documents(file: Path, content: bytes | None) -> tuple[list[Json], Problem | None]:
    """Return the JSON documents of a file (paged output holds several) and what is wrong with it."""
    name = str(file)
    try:
        raw = file.read_bytes() if content is None else content
    except OSError as error:
        return [], Problem(f"cannot be read: {error.strerror}", "check the file", (), Location(name))
    if not raw.strip():
        return [], Problem("the file is empty", _EXPORT, (), Location(name))
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        written = raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return [], Problem("not a text file", "give the JSON that 'aws ... describe-*' returns", (), Location(name))
    decoder = json.JSONDecoder()
    documents: list[Json] = []
    position = 0
    while position < len(written):
        if written[position].isspace():
            position += 1
            continue
        try:
            document, position = decoder.raw_decode(written, position)
        except json.JSONDecodeError as error:
            ended = not written[error.pos :].strip() or error.msg.startswith("Unterminated")
            what = "the JSON ends in the middle" if ended else f"not JSON: {error.msg.lower()}"
            return documents, Problem(what, _EXPORT, (), Location(name, error.lineno, error.colno))
        except RecursionError:
            return documents, Problem("the JSON is nested too deep", _EXPORT, (), Location(name))
        documents.append(document)
    return documents, None


def _records(key: str, entries: list[Json], file: Path, root: Path) -> Iterator[Record]:
    parts = file.relative_to(root).parts if file != root else file.parts
    folders = (*root.parts, *parts[:-1]) if file != root else file.parts[:-1]
    region = next((part for part in reversed(folders) if _REGION.fullmatch(part)), "")
    account = next((part for part in reversed(folders) if _ACCOUNT.fullmatch(part)), "")
    inner = _NESTED.get(key)
    for entry in entries:
        if not isinstance(entry, dict):
            yield Record(key, {"": entry}, account, region, str(file))
        elif inner:
            owner = {"OwnerId": entry["OwnerId"]} if "OwnerId" in entry else {}
            for item in items(entry, inner):
                yield Record(inner, {**owner, **item}, account, region, str(file))
        else:
            yield Record(key, entry, account, region, str(file))


def _located(records: list[Record]) -> Iterator[Record]:
    """Say for each record which account and region it is from: its folder, itself, its VPC, or the others."""
    found = [
        replace(
            record,
            region=record.region or region_in(record.data),
            account=record.account or account_in(record.data),
        )
        for record in records
    ]
    region_of_vpc: dict[str, str] = {}
    for record in found:
        vpc = text(record.data, "VpcId")
        if vpc and record.region:
            region_of_vpc.setdefault(vpc, record.region)
    regions = Counter(record.region for record in found if record.region)
    accounts = Counter(record.account for record in found if record.account)
    region, account = _most(regions), _most(accounts)
    for record in found:
        here = record.region or region_of_vpc.get(text(record.data, "VpcId"), "") or region
        yield replace(record, region=here, account=record.account or account)


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda name: (-counted[name], name)) if counted else ""


def region_in(data: Data) -> str:
    """Return the region a description names: by its zone, its own field or its ARN."""
    zone = text(data, "AvailabilityZone") or text(data, "Placement.AvailabilityZone")
    zone = zone or next((text(item, "ZoneName") for item in items(data, "AvailabilityZones")), "")
    zone = zone or text(data, "RegionName")
    found = _REGION.match(zone)
    return found[0] if found else _arn_part(data, 3, _REGION)


def account_in(data: Data) -> str:
    """Return the account a description names: its owner or its ARN."""
    owner = text(data, "OwnerId")
    return owner if _ACCOUNT.fullmatch(owner) else _arn_part(data, 4, _ACCOUNT)


def _arn_part(data: Data, index: int, pattern: re.Pattern[str]) -> str:
    for name in sorted(data):
        if name.lower().endswith("arn"):
            parts = text(data, name).split(":")
            if len(parts) > index and pattern.fullmatch(parts[index]):
                return parts[index]
    return ""
