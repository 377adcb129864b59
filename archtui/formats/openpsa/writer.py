"""Writing a fault tree in the Open-PSA Model Exchange Format, for other engines to check the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from archtui.failure.faulttree import FaultTree, Formula, Gate


def to_open_psa(trees: Sequence[FaultTree], name: str = "archtui") -> str:
    """Return ``trees`` as one document; each tree's events are its own, named ``TREE.EVENT`` where two share a name."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<opsa-mef name={quoteattr(name)}>"]
    for tree in trees:
        lines += [f"  {line}" for line in _tree(tree, private=len(trees) > 1)]
    return "\n".join([*lines, "</opsa-mef>"]) + "\n"


def _tree(tree: FaultTree, private: bool) -> Iterator[str]:
    role = ' role="private"' if private else ""
    used = tree.reachable()
    events = dict.fromkeys(part for gate in used for part in _references(tree.gates[gate]) if part in tree.events)
    yield f"<define-fault-tree name={quoteattr(tree.name)}>"
    for gate in reversed(used):
        tag = "house-event" if isinstance(tree.gates[gate], bool) else "gate"
        yield f"  <define-{tag} name={quoteattr(gate)}{role}>"
        yield from _label(tree, gate)
        yield from (f"    {line}" for line in _formula(tree.gates[gate], tree))
        yield f"  </define-{tag}>"
    for event in events:
        yield f"  <define-basic-event name={quoteattr(event)}{role}>"
        yield from _label(tree, event)
        p = tree.events[event]
        if p is not None:
            yield f'    <float value="{p!r}"/>'
        yield "  </define-basic-event>"
    yield "</define-fault-tree>"


def _label(tree: FaultTree, name: str) -> Iterator[str]:
    if name in tree.labels:
        yield f"    <label>{escape(tree.labels[name])}</label>"


def _references(formula: Formula) -> Iterator[str]:
    if isinstance(formula, str):
        yield formula
    elif isinstance(formula, Gate):
        for arg in formula.args:
            yield from _references(arg)


def _formula(formula: Formula, tree: FaultTree) -> Iterator[str]:
    if isinstance(formula, bool):
        yield f'<constant value="{str(formula).lower()}"/>'
    elif isinstance(formula, str):
        made = tree.gates.get(formula)
        tag = "basic-event" if made is None else "house-event" if isinstance(made, bool) else "gate"
        yield f"<{tag} name={quoteattr(formula)}/>"
    else:
        limits = f' min="{formula.min}"' if formula.op in ("atleast", "cardinality") else ""
        limits += f' max="{formula.max}"' if formula.op == "cardinality" else ""
        yield f"<{formula.op}{limits}>"
        for arg in formula.args:
            yield from (f"  {line}" for line in _formula(arg, tree))
        yield f"</{formula.op}>"
