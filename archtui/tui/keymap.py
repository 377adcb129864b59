"""From keys to commands: sequences per context, as data that the user's own settings may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archtui.model.errors import ArchtuiError
from archtui.tui.command import CONTEXTS, Command, Context

NAMES = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


class KeymapError(ArchtuiError):
    """Two commands want one key, or a setting names no command."""


def shown(sequence: str) -> str:
    """Return a key sequence as people read it: ``g d``, ``Ctrl+R``, ``Enter``."""
    words = []
    for key in sequence.split(" "):
        word = NAMES.get(key, key)
        words.append("Ctrl+" + word[5:].upper() if word.startswith("ctrl+") else word)
    return " ".join(words)


@dataclass(frozen=True)
class Keymap:
    """The sequences of every context; a context's own win over the global ones."""

    sequences: Mapping[Context, Mapping[tuple[str, ...], Command]]
    commands: Mapping[str, Command] = field(repr=False)

    @classmethod
    def of(cls, commands: Iterable[Command], changes: Mapping[str, tuple[str, ...]] | None = None) -> Keymap:
        """Build the map; ``changes`` gives commands other keys, by command name (none: no key at all)."""
        changes = changes or {}
        table: dict[Context, dict[tuple[str, ...], Command]] = {context: {} for context in CONTEXTS}
        by_name: dict[str, Command] = {}
        for command in commands:
            if command.name in by_name:
                raise KeymapError(f"two commands are named {command.name!r}")
            by_name[command.name] = command
            for text in changes.get(command.name, command.keys):
                keys = tuple(text.split(" "))
                other = table[command.context].get(keys)
                if other:
                    raise KeymapError(f"{text!r} is wanted by {other.name} and {command.name} in {command.context}")
                table[command.context][keys] = command
        unknown = sorted(set(changes) - set(by_name))
        if unknown:
            raise KeymapError(f"there is no command {unknown[0]!r}; see the command palette for the names")
        found = cls(table, by_name)
        found._refuse_hidden_prefixes()
        return found

    def _refuse_hidden_prefixes(self) -> None:
        for context in CONTEXTS:
            sequences = self.in_context(context)
            for keys, command in sequences.items():
                for length in range(1, len(keys)):
                    shorter = sequences.get(keys[:length])
                    if shorter:
                        raise KeymapError(f"{shorter.name} hides {command.name} in {context}: {' '.join(keys)}")

    def in_context(self, context: Context) -> Mapping[tuple[str, ...], Command]:
        """Return every sequence that works in ``context``, the global ones included."""
        return {**self.sequences["global"], **self.sequences[context]}

    def keys_of(self, name: str) -> tuple[str, ...]:
        """Return the sequences of a command, as text."""
        command = self.commands[name]
        return tuple(" ".join(keys) for keys, found in self.sequences[command.context].items() if found is command)

    def continuations(self, context: Context, prefix: tuple[str, ...]) -> Mapping[str, Command]:
        """Return what may follow ``prefix``: next key to the command it leads to (the first of several)."""
        found: dict[str, Command] = {}
        for keys, command in self.in_context(context).items():
            if len(keys) > len(prefix) and keys[: len(prefix)] == prefix:
                found.setdefault(keys[len(prefix)], command)
        return found


class Dispatcher:
    """Feeds single keys through a keymap and remembers an unfinished sequence."""

    def __init__(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self.pending: tuple[str, ...] = ()

    def feed(self, context: Context, key: str) -> Command | None:
        """Take one key; return the command it completes, or None (see :attr:`pending`)."""
        if self.pending and key == "escape":
            self.pending = ()
            return None
        keys = (*self.pending, key)
        command = self.keymap.in_context(context).get(keys)
        if command:
            self.pending = ()
            return command
        self.pending = keys if self.keymap.continuations(context, keys) else ()
        return None
