"""The reference pages of the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archtui.check.docs import rule_markdown, rules_markdown
from archtui.check.rule import Rule
from archtui.formats.yaml_text import read_yaml
from archtui.services import rules

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


@every_rule
def test_a_rule_has_its_page(rule: Rule) -> None:
    page = rule_markdown(rule)
    assert page.startswith(f"# {rule.id}: {rule.title}\n")
    for text in (rule.why, rule.fix, *rule.sources, *rule.facts):
        assert text in page
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert [read_yaml(example) for example in examples] == [
        read_yaml(rule.example_bad),
        read_yaml(rule.example_good),
    ]


def test_the_page_links_to_every_rule() -> None:
    page = rules_markdown(rules())
    headings = {
        "".join("-" if c == " " else c for c in heading.lower() if c.isalnum() or c in " -_")
        for heading in re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    }
    links = re.findall(r"\]\(#([^)]*)\)", page)
    assert len(links) == len(rules())
    assert set(links) <= headings


def test_the_written_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_markdown(rules()), "run: python -m archtui.cli.docs"
