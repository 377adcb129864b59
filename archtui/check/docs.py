"""The reference page of the rules, made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtui.check.rule import Rule


def rule_markdown(rule: Rule, level: int = 1) -> str:
    """Return the page of one rule: what, why, fix, examples, sources. ``level`` is its heading's."""
    return "\n".join(_rule_lines(rule, level)) + "\n"


def rules_markdown(rules: Sequence[Rule]) -> str:
    """Return the page of all rules: a table, then one section each."""
    lines = [
        "# Rules",
        "",
        f"`archtui check` knows {len(rules)} rules. This page is made from them; change a rule, not the page.",
        "An error is refused by AWS or does not work; a warning works and will hurt; an info is worth knowing.",
        "Suppress a finding in the blueprint, with the reason:",
        "",
        "```yaml",
        "suppress:",
        "  - {rule: NET040, components: [vpc], reason: the landing zone keeps the flow logs}",
        "```",
        "",
    ]
    for prefix, members in _families(rules):
        lines += [f"## {prefix}", ""]
        lines += ["| rule | severity | class | fix offered | what |", "|---|---|---|---|---|"]
        lines += [
            f"| [{rule.id}](#{_anchor(rule)}) | {rule.severity} | {rule.class_} | {_offers(rule)} | {rule.title} |"
            for rule in members
        ]
        lines.append("")
        for rule in members:
            lines += _rule_lines(rule, 3)
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _rule_lines(rule: Rule, level: int) -> Iterator[str]:
    yield f"{'#' * level} {rule.id}: {rule.title}"
    yield ""
    yield f"{rule.severity} · {rule.class_} · {', '.join(f'`{kind}`' for kind in rule.kinds)}"
    yield ""
    yield f"**Why:** {rule.why}"
    yield ""
    yield f"**Fix:** {rule.fix}{' `archtui check --fix` can do it.' if _offers(rule) == 'yes' else ''}"
    yield ""
    for title, example in (("Raises it", rule.example_bad), ("Is right", rule.example_good)):
        yield f"{title}:"
        yield ""
        yield "```yaml"
        yield example.strip("\n")
        yield "```"
        yield ""
    yield f"Sources: {', '.join(f'<{source}>' for source in rule.sources)}"
    if rule.facts:
        yield ""
        yield f"Facts: {', '.join(f'`{fact}`' for fact in rule.facts)}"


def _families(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.id[:-3], []).append(rule)
    return sorted(found.items())


def _anchor(rule: Rule) -> str:
    """Return the anchor that GitHub and most renderers give the rule's heading."""
    heading = f"{rule.id}: {rule.title}".lower()
    return "".join("-" if letter == " " else letter for letter in heading if letter.isalnum() or letter in " -_")


def _offers(rule: Rule) -> str:
    return "yes" if type(rule).fixes is not Rule.fixes else ""
