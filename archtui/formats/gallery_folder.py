"""Where the blueprints that come with archtui are; imports nothing, so that the first paint need not wait for it."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder of the gallery: ``archtui/gallery`` where installed, ``blueprints`` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "gallery"
    return installed if installed.is_dir() else package.parent / "blueprints"


def names() -> tuple[str, ...]:
    """Return the names of the gallery's blueprints, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.yaml")))
