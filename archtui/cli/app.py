"""The commands as click sees them, each imported when it is called; errors become one line here."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence

import click

from archtui import __version__
from archtui.cli.main import COMMANDS
from archtui.model.errors import ArchtuiError

MAX_PROBLEMS = 50
"""How many problems of one input are printed."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_MODULES = {"import": "import_"}


class _Commands(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"archtui.cli.commands.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="'archtui' alone opens the welcome screen, 'archtui FILE' opens that design. --plain, anywhere on the"
    " line, keeps to ASCII; NO_COLOR is honoured.",
)
@click.version_option(__version__, message="archtui %(version)s")
def group() -> None:
    """A flight simulator for AWS architectures: design, check, trace, break and learn, offline."""


def run_command(words: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    try:
        result = group.main(list(words), prog_name="archtui", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.UsageError as error:
        hint = error.ctx.command_path if error.ctx else "archtui"
        return _refuse(f"{error.format_message().rstrip('.')}; see '{hint} --help'")
    except click.ClickException as error:
        return _refuse(error.format_message())
    except ArchtuiError as error:
        return _refuse(_shortened(str(error)))
    except RecursionError:
        return _refuse("the design refers to itself too deeply to be followed; look for a chain that ends in itself")
    except OSError as error:
        if error.errno not in _FULL:
            return _bug(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _refuse(f"the answer cannot be written: {error.strerror}; make room or send it elsewhere")
    except Exception as error:  # noqa: BLE001 (the last resort of every command: a user is never shown a traceback)
        return _bug(error)


def _shortened(message: str) -> str:
    """Return at most :data:`MAX_PROBLEMS` lines of ``message``; a wrong folder can have thousands."""
    lines = message.splitlines()
    if len(lines) <= MAX_PROBLEMS:
        return message
    return "\n".join([*lines[:MAX_PROBLEMS], f"... and {len(lines) - MAX_PROBLEMS} more problems"])


def _bug(error: Exception) -> int:
    """Say that archtui itself is wrong; the traceback goes to a file that can be sent along."""
    import traceback

    from archtui.formats.files import state_folder

    told = f"archtui has a bug: {type(error).__name__}: {error}".splitlines()[0]
    if os.environ.get("ARCHTUI_DEBUG"):
        raise error
    place = state_folder() / "crash.txt"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return _refuse(f"{told}; ARCHTUI_DEBUG=1 shows where")
    return _refuse(f"{told}; please report it with {place}")


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2
