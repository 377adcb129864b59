"""What is selected, what was selected before, and the marks."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen

HISTORY_LIMIT = 200


class Selection:
    """The current component, those selected with it, and the way that led here."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main
        self.current: str | None = None
        self.others: dict[str, None] = {}
        self.marks: dict[str, str] = {}
        self._visited: list[str] = []
        self._at = -1

    @property
    def all(self) -> tuple[str, ...]:
        """Every selected component, the current one last."""
        names = [name for name in self.others if name != self.current]
        return (*names, self.current) if self.current else tuple(names)

    def clear(self) -> None:
        """Forget everything (another document)."""
        self.current = None
        self.others.clear()
        self.marks.clear()
        self._visited.clear()
        self._at = -1

    def visit(self, name: str | None) -> None:
        """Make ``name`` the current component and remember it."""
        self.current = name
        if name is None or (self._visited and self._visited[self._at] == name):
            return
        del self._visited[self._at + 1 :]
        self._visited.append(name)
        del self._visited[:-HISTORY_LIMIT]
        self._at = len(self._visited) - 1

    def step(self, by: int) -> str | None:
        """Go back (-1) or forward (1) in the history; return where that leads, None at its ends."""
        at = self._at + by
        if not 0 <= at < len(self._visited):
            return None
        self._at = at
        self.current = self._visited[at]
        return self.current

    def before(self) -> str | None:
        """The component that was selected before this one."""
        return self._visited[self._at - 1] if self._at > 0 else None

    def toggle(self, name: str) -> None:
        """Add a component to the selection or take it out."""
        if name in self.others:
            del self.others[name]
        else:
            self.others[name] = None

    def keep_to(self, known: Container[str]) -> None:
        """Drop what no longer exists."""
        if self.current is not None and self.current not in known:
            self.current = next((name for name in reversed(self._visited) if name in known), None)
        self.others = {name: None for name in self.others if name in known}
        self._visited = [name for name in self._visited if name in known]
        self._at = len(self._visited) - 1
        self.marks = {key: name for key, name in self.marks.items() if name in known}
