"""The user's own settings: other keys for commands, a theme."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archtui.model.errors import ArchtuiError


class SettingsError(ArchtuiError):
    """The settings file cannot be used as it is."""


@dataclass(frozen=True)
class Settings:
    """What the settings file says."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Command names to key sequences; an empty list takes the key away."""
    theme: str = ""


def settings_path() -> Path:
    """Return where the settings file is looked for (XDG base directories)."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base, "archtui", "settings.toml")


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; none where there is no file. Raises :class:`SettingsError` naming the place."""
    path = path or settings_path()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}; mend the file or move it away") from error
    unknown = sorted(set(data) - {"keys", "theme"})
    if unknown:
        raise SettingsError(f"{path}: unknown setting {unknown[0]!r}; known are keys and theme")
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in data.get("keys", {}).items():
        sequences = [value] if isinstance(value, str) else value
        if not isinstance(sequences, list) or not all(isinstance(item, str) and item for item in sequences):
            raise SettingsError(f'{path}: keys.{name} is a key or a list of keys, as in trace = ["t", "g t"]')
        keys[name] = tuple(sequences)
    return Settings(keys, str(data.get("theme", "")))
