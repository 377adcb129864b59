"""The report as JUnit XML: a test case for each rule and each journey."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from archtui.check.finding import Finding
from archtui.check.formats.checked import Checked
from archtui.check.rule import Rule


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:
    """Return one test suite for each file.

    A rule fails with its errors and warnings; notes are its output. A journey that does not hold
    fails too.
    """
    root = ElementTree.Element("testsuites", name="archtui check")
    for one in checked:
        root.append(_suite(one, rules))
    for name in ("tests", "failures", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(one: Checked, rules: Sequence[Rule]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=one.file)
    ran = set(one.report.ran)
    for rule in rules:
        if rule.id in ran:
            suite.append(_rule_case(one, rule))
    for journey in one.report.journeys:
        case = ElementTree.SubElement(suite, "testcase", classname="journeys", name=journey.name)
        if not journey.holds:
            failure = ElementTree.SubElement(case, "failure", type="journey", message=journey.sentence)
            failure.text = "\n".join(f"{b.component}: {b.message} [{b.code}]" for b in journey.blockers)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return suite


def _rule_case(one: Checked, rule: Rule) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=f"rules.{rule.class_}", name=f"{rule.id} {rule.title}")
    found = [finding for finding in one.report.findings if finding.rule == rule.id]
    bad = [finding for finding in found if finding.severity != "info"]
    notes = [finding for finding in found if finding.severity == "info"]
    suppressed = [entry for entry in one.report.suppressed if entry.finding.rule == rule.id]
    if bad:
        failure = ElementTree.SubElement(case, "failure", type=bad[0].severity, message=bad[0].message)
        failure.text = "\n".join(_line(one, finding) for finding in bad)
    elif suppressed:
        ElementTree.SubElement(case, "skipped", message=suppressed[0].reason)
    if notes:
        ElementTree.SubElement(case, "system-out").text = "\n".join(_line(one, finding) for finding in notes)
    return case


def _line(one: Checked, finding: Finding) -> str:
    return f"{one.where_finding(finding)}: {finding.message} {finding.fix}"
