"""A fault tree's figures as plain text, at most 100 columns wide."""

from __future__ import annotations

import textwrap

from archtui.failure.faulttree.analysis import TreeReport
from archtui.failure.faulttree.measures import Importance

WIDTH = 100
_SHOWN = 10


def figure(value: float) -> str:
    """Return a probability with six digits: ``1.04607e-06``."""
    return f"{value:.6g}"


def render_tree(report: TreeReport) -> str:
    """Return the report as ``archtui resilience TREE.xml`` prints it."""
    kind = "" if report.coherent else ", with negations"
    lines = [f"{report.name}: {report.top_event} ({report.events} events, {report.gates} gates{kind})"]
    if report.probability is not None:
        lines.append(f"  Probability {figure(report.probability)} (exact: {report.probability!r})")
    elif report.bounds is not None:
        lines.append(f"  Probability unknown, between {figure(report.bounds[0])} and {figure(report.bounds[1])}")
    else:
        lines.append("  Probability unknown")
    orders = [f"{count} of order {order}" for order, count in enumerate(report.cut_sets_by_order) if count]
    count = "unknown" if report.cut_set_count is None else str(report.cut_set_count)
    lines += _wrapped(f"  Minimal cut sets: {count}{': ' if orders else ''}{', '.join(orders)}")
    lines += _cut_sets(report)
    if report.importance:
        lines.append("  What matters most")
        lines += [line for item in report.importance[:_SHOWN] for line in _wrapped(f"    {importance_sentence(item)}")]
    for note in report.notes:
        lines += _wrapped(f"  {note}")
    return "\n".join(lines) + "\n"


def importance_sentence(item: Importance) -> str:
    """Return what an event's importance means, in a sentence with its four measures."""
    share = f"{100 * item.fussell_vesely:.3g} %"
    times = "" if item.raw is None else f"; once it happens, {item.raw:.4g} times as likely"
    rarer = "" if item.rrw is None else f", without it {item.rrw:.4g} times rarer"
    return f"{item.event}: {share} of the top event goes away with it{times}{rarer} (Birnbaum {item.birnbaum:.4g})."


def _cut_sets(report: TreeReport) -> list[str]:
    lines: list[str] = []
    for cut in report.cut_sets[:_SHOWN]:
        odds = "        -" if cut.probability is None else f"{cut.probability:9.3e}"
        lines += _wrapped(f"    {odds}  {' + '.join(cut.events) or '(nothing has to fail)'}", 15)
    return lines


def _wrapped(text: str, indent: int = 6) -> list[str]:
    start = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.strip(),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
