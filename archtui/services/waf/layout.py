"""How web ACLs and protections are drawn: among the settings."""

from archtui.layout.depict import Always, Depiction

WEB_ACL = Always(Depiction("outside", style="uses"))
"""Above the regions, beside what it protects."""
