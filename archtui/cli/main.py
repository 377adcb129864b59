"""Where every run starts. Opening the TUI imports nothing but what the first paint needs.

The exit status is 0 (fine), 1 (the answer is "no"), 2 (the input or the call is wrong) or 130
(interrupted). Whatever goes wrong becomes one line on standard error here, and nowhere else.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "new": "Start a blueprint, empty or from the gallery.",
    "gallery": "List the blueprints that come with archtui, or print one.",
    "check": "Run the rules and the journeys over blueprints.",
    "trace": "Follow one request, or many, and say what decides.",
    "reach": "Say who can reach whom, on which protocols and ports.",
    "diff": "Say what changed in what a design does.",
    "fail": "Break something and see which journeys notice, for how long.",
    "resilience": "Say how available a design is, exactly, and what it hangs on; or solve a fault tree.",
    "import": "Make a blueprint of a real account's describe output.",
    "export": "Write a design's fault trees for other engines.",
    "explain": "Explain a rule, a reason code, a service or a fact.",
    "services": "List every service, and what archtui does with it.",
    "rules": "List the rules of check.",
    "facts": "List the fact base.",
    "fidelity": "List what is modelled and how it is proved.",
    "keys": "Print the key sheet of the terminal interface.",
    "schema": "Print the JSON Schema of blueprint files.",
}
"""Every command with its line of help; ``archtui/cli/commands/NAME.py`` holds it."""
COLLECTOR = (50_000, 20, 100)
"""When garbage is looked for. A large design is a million objects and hardly a circle among them; the default is to
look through all of them again and again, 50 ms at a time in the middle of an edit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``archtui`` with ``arguments`` (default: the command line's) and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = [word for word in given if word != "--plain"]
    if len(words) != len(given):
        os.environ["ARCHTUI_PLAIN"] = "1"
    # Looking for pydantic plugins means reading the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    gc.set_threshold(*COLLECTOR)
    with contextlib.suppress(AttributeError, ValueError):
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
    if words and (words[0] in COMMANDS or words[0].startswith("-")) and words[0] != "-":
        from archtui.cli.app import run_command

        return run_command(words)
    return _open(words)


def _open(words: list[str]) -> int:
    """Open the TUI on the file or the gallery's blueprint that is named, or on the welcome screen."""
    if len(words) > 1:
        return _refuse(f"archtui opens one file, {len(words)} words are given; see 'archtui --help'")
    path = words[0] if words else None
    gallery: str | None = None
    if path is not None and not os.path.exists(path):
        from archtui.formats.gallery_folder import names

        if path not in names():
            return _refuse(f"{path}: there is no such file or command; {_near(path, names())}")
        path, gallery = None, path
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _refuse("this is no terminal; run a command, 'archtui --help' lists them")
    from archtui.tui.app import run

    try:
        return run(path, gallery) or 0
    except KeyboardInterrupt:
        return 130


def _near(word: str, gallery: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, (*COMMANDS, *gallery), n=1)
    return f"did you mean 'archtui {near[0]}'?" if near else "'archtui new FILE' starts one, 'archtui --help' helps"


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
