"""How certificates are drawn: among the settings."""

from archtui.layout.depict import Always, Depiction

SETTING = Always(Depiction("setting"))
