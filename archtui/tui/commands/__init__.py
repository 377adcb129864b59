"""Every command of the program, in the order help shows them."""

from archtui.tui.command import Command, commands
from archtui.tui.commands.analyse import ANALYSES
from archtui.tui.commands.debug import DEBUGGING
from archtui.tui.commands.edit import EDITS
from archtui.tui.commands.files import FILES
from archtui.tui.commands.move import MOVES
from archtui.tui.commands.panels import PANELS
from archtui.tui.commands.view import VIEWS

ALL: tuple[Command, ...] = commands((*MOVES, *EDITS, *ANALYSES, *VIEWS, *FILES, *PANELS, *DEBUGGING))
