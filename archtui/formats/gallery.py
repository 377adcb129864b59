"""The blueprints that come with archtui, in a checkout and in an installed package alike."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.formats.blueprint_file import BlueprintFile, loads
from archtui.formats.gallery_folder import folder, names
from archtui.formats.yaml_text import parse
from archtui.model.component import Json
from archtui.model.errors import ArchtuiError, did_you_mean
from archtui.model.kinds import Registry

SCHEMA_HINT = "# yaml-language-server: $schema=blueprint.schema.json"
"""The line by which editors find the schema; ``archtui schema > blueprint.schema.json`` puts it beside the file."""


class UnknownGalleryEntryError(ArchtuiError):
    """No blueprint of the gallery has this name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One blueprint of the gallery."""

    name: str
    title: str
    description: str
    kinds: tuple[str, ...]
    """The kinds it uses, sorted; as written where no registry was given."""
    journeys: tuple[str, ...]
    """The names of its journeys."""

    def to_json(self) -> dict[str, Json]:
        """Return the entry as ``archtui gallery --format json`` prints it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "kinds": [*self.kinds],
            "journeys": [*self.journeys],
        }


def entries(registry: Registry | None = None) -> tuple[Entry, ...]:
    """Return every blueprint of the gallery, by name."""
    return tuple(entry(name, registry) for name in names())


def entry(name: str, registry: Registry | None = None) -> Entry:
    """Return what there is to say about the blueprint ``name``."""
    root, _ = parse(gallery_text(name), name)
    data = root.value if isinstance(root.value, dict) else {}
    components, journeys = data.get("components"), data.get("journeys")
    bodies = components.values() if isinstance(components, dict) else ()
    words = {str(body.get("kind")) for body in bodies if isinstance(body, dict)}
    kinds = {registry[word].name if registry and word in registry else word for word in words}
    said = [str(item.get("name")) for item in journeys if isinstance(item, dict)] if isinstance(journeys, list) else []
    description = str(data.get("description") or "")
    return Entry(name, str(data.get("blueprint")), description, tuple(sorted(kinds)), tuple(said))


def gallery_text(name: str) -> str:
    """Return the text of the blueprint ``name``; raise :class:`UnknownGalleryEntryError`."""
    known = names()
    if name not in known:
        near = did_you_mean(name, known) or f"there are {', '.join(known)}"
        raise UnknownGalleryEntryError(f"the gallery has no {name!r}; {near}")
    return (folder() / f"{name}.yaml").read_text(encoding="utf-8")


def load_gallery(name: str, registry: Registry) -> BlueprintFile:
    """Return the blueprint ``name`` as a document that is not saved yet."""
    return loads(gallery_text(name), registry, None, name)
