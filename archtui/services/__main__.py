"""Writes the index of kinds: ``python -m archtui.services >archtui/services/index.json``."""

import sys

from archtui.services import families, kinds_of
from archtui.services.index import index_text, make_index

sys.stdout.write(index_text(make_index((family, kinds_of(family)) for family in families())))
