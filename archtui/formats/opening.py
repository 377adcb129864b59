"""Opening whatever the user names: a blueprint, or anything that can be imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archtui.formats.blueprint_file import BlueprintFile, from_data, from_tree
from archtui.formats.files import MAX_BYTES, decode, read_bytes, refuse
from archtui.formats.yaml_text import parse
from archtui.model.component import Json
from archtui.model.kinds import Registry

Source = Literal["blueprint", "aws", "cloudformation", "terraform", "unknown"]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something in an imported source that could not be used."""

    type: str
    id: str
    why: str

    def __str__(self) -> str:
        return f"{self.type} {self.id}: {self.why}" if self.id else f"{self.type}: {self.why}"

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data."""
        return {"type": self.type, "id": self.id, "why": self.why}


@dataclass(frozen=True)
class Opened:
    """What was opened: the document, where it came from, and what of the source could not be used."""

    file: BlueprintFile
    source: Source = "blueprint"
    unsupported: tuple[Unsupported, ...] = ()


def open_any(path: str | os.PathLike[str], registry: Registry) -> Opened:
    """Open ``path`` (``-``: standard input) as what its content says it is.

    A folder is taken for the output of ``aws ... describe-*``; a file is a blueprint, describe output, a
    CloudFormation template or Terraform JSON. Raises :class:`InputError`.
    """
    name = os.fspath(path)
    if name != "-" and os.path.isdir(name):
        return import_aws(name, registry)
    if _is_large_json(name):
        return import_aws(name, registry)
    data = read_bytes(name)
    shown = "<stdin>" if name == "-" else name
    text = decode(data, shown)
    root, problems = parse(text.removeprefix("\ufeff"), shown)
    source = recognise(root.value)
    if source == "aws":
        return import_aws(name, registry, data if name == "-" else None)
    if source in ("cloudformation", "terraform"):
        what = {"cloudformation": "a CloudFormation template", "terraform": "Terraform JSON"}[source]
        raise refuse(shown, f"this is {what}, which cannot be read yet", "open a blueprint or aws describe output")
    if source == "unknown" and isinstance(root.value, dict | list) and root.style and not problems:
        remedy = "a blueprint starts with 'blueprint: TITLE' and 'components:'"
        raise refuse(shown, "this is neither a blueprint nor anything that can be imported", remedy)
    if "\r\n" in text:
        root, problems = parse(text.removeprefix("\ufeff").replace("\r\n", "\n"), shown)
    return Opened(from_tree(root, problems, text, registry, None if name == "-" else name, shown, data))


def _is_large_json(name: str) -> bool:
    """Say whether ``name`` is a JSON file too large for a blueprint: an account's describe output can be that large."""
    try:
        if name == "-" or not os.path.isfile(name) or os.path.getsize(name) <= MAX_BYTES:
            return False
        with open(name, "rb") as file:
            return file.read(64).lstrip()[:1] == b"{"
    except OSError:
        return False


def recognise(data: Json) -> Source:
    """Say what kind of document ``data`` is, from its top-level keys."""
    if not isinstance(data, dict):
        return "unknown"
    keys = set(data)
    if keys & {"blueprint", "components", "journeys"}:
        return "blueprint"
    if "AWSTemplateFormatVersion" in keys or isinstance(data.get("Resources"), dict):
        return "cloudformation"
    if keys & {"terraform_version", "planned_values", "format_version"}:
        return "terraform"
    if any(isinstance(value, list) and key[:1].isupper() for key, value in data.items()):
        return "aws"
    return "unknown"


def import_aws(path: str, registry: Registry, content: bytes | None = None) -> Opened:
    """Import ``aws ... describe-*`` output: a file, a folder, or ``accounts/ID/REGION/`` folders.

    ``-`` is standard input; ``content`` is what was read from it already.
    """
    from archtui.formats.aws import import_aws as run

    if path == "-":
        result = run("<stdin>", registry, read_bytes(path) if content is None else content)
        title, origin = "Imported", "standard input"
    else:
        result = run(path, registry)
        title = origin = os.path.basename(os.path.normpath(path)) or "Imported"
    file = from_data(_titled(result.data, title), registry, title, f"# Imported from {origin}.\n")
    return Opened(file, "aws", tuple(Unsupported(item.type, item.id, item.why) for item in result.unsupported))


def _titled(data: Mapping[str, Json], title: str) -> dict[str, Json]:
    return {"blueprint": title, **data} if "blueprint" not in data else dict(data)
