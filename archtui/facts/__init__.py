"""The fact base: what is known of AWS, with its sources, for every explanation to cite.

Data files stand in ``data/`` (JSON, one entry a line) and are read when first asked for.
"""

from archtui.facts.entries import (
    NO_TIME,
    Connection,
    Fact,
    Failover,
    Parameter,
    RuleEntry,
    Service,
    Sla,
    Span,
)
from archtui.facts.formula import FormulaError
from archtui.facts.inventory import service_rows
from archtui.facts.store import (
    UnknownEntryError,
    fact,
    facts,
    facts_of,
    failover,
    failovers,
    rule_catalogue,
    search,
    service,
    services,
    sla,
    slas,
)

__all__ = [
    "NO_TIME",
    "Connection",
    "Fact",
    "Failover",
    "FormulaError",
    "Parameter",
    "RuleEntry",
    "Service",
    "Sla",
    "Span",
    "UnknownEntryError",
    "fact",
    "facts",
    "facts_of",
    "failover",
    "failovers",
    "rule_catalogue",
    "search",
    "service",
    "service_rows",
    "services",
    "sla",
    "slas",
]
