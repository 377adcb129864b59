"""Fault trees in the Open-PSA Model Exchange Format."""

from archtui.formats.openpsa.reader import Model, read_model
from archtui.formats.openpsa.writer import to_open_psa

__all__ = ["Model", "read_model", "to_open_psa"]
