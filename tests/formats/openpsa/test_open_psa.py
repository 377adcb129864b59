"""Reading and writing fault trees in the Open-PSA format."""

from __future__ import annotations

import math

import pytest

from archtui.failure.faulttree import analyse_tree
from archtui.formats.openpsa import Model, read_model, to_open_psa
from archtui.model.errors import InputError
from tests.failure.faulttree import brute

DATA = "".join(f'<define-basic-event name="{n}"><float value="0.1"/></define-basic-event>' for n in "ABCDE")


def model(body: str, data: str = f"<model-data>{DATA}</model-data>") -> Model:
    """Read one fault tree ``ft`` with ``body``."""
    text = f'<?xml version="1.0"?><opsa-mef><define-fault-tree name="ft">{body}</define-fault-tree>{data}</opsa-mef>'
    return read_model(text.encode(), "t.xml")


def probability(body: str, data: str = f"<model-data>{DATA}</model-data>") -> float:
    (tree,) = model(body, data).trees
    found = analyse_tree(tree).probability
    assert found is not None
    return found


def gate(formula: str, name: str = "top") -> str:
    return f'<define-gate name="{name}">{formula}</define-gate>'


def events(*names: str) -> str:
    return "".join(f'<basic-event name="{name}"/>' for name in names)


@pytest.mark.parametrize(
    ("formula", "want"),
    [
        (f"<and>{events('A', 'B')}</and>", 0.01),
        (f"<or>{events('A', 'B')}</or>", 0.19),
        (f"<not>{events('A')}</not>", 0.9),
        (f"<xor>{events('A', 'B')}</xor>", 0.18),
        (f"<iff>{events('A', 'B')}</iff>", 0.82),
        (f"<nand>{events('A', 'B')}</nand>", 0.99),
        (f"<nor>{events('A', 'B')}</nor>", 0.81),
        (f"<imply>{events('A', 'B')}</imply>", 0.91),
        (f'<atleast min="2">{events("A", "B", "C")}</atleast>', 0.028),
        (f'<cardinality min="1" max="2">{events("A", "B", "C")}</cardinality>', 1 - 0.729 - 0.001),
        (f"<or>{events('A')}<and>{events('B', 'C')}</and></or>", 0.109),
        (f"<or>{events('A')}<constant value='false'/></or>", 0.1),
        ("<and><event name='A'/><event name='B' type='basic-event'/></and>", 0.01),
    ],
)  # fmt: skip
def test_every_connective(formula: str, want: float) -> None:
    assert probability(gate(formula)) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize(("state", "want"), [("true", 1.0), ("false", 0.1)])
def test_house_events_are_constants(state: str, want: float) -> None:
    house = f'<define-house-event name="H"><constant value="{state}"/></define-house-event>'
    assert probability(gate(f"<or>{events('A')}<house-event name='H'/></or>") + house) == want


@pytest.mark.parametrize(
    ("expression", "want"),
    [
        ('<float value="1.5e-3"/>', 1.5e-3),
        ('<int value="1"/>', 1.0),
        ('<parameter name="p"/>', 0.02),
        ('<mul><parameter name="p"/><float value="0.5"/></mul>', 0.01),
        ('<sub><float value="0.5"/><float value="0.1"/><float value="0.1"/></sub>', 0.3),
        ('<div><float value="0.5"/><float value="2"/></div>', 0.25),
        ('<exponential><float value="1e-9"/><float value="10"/></exponential>', -math.expm1(-1e-8)),
        ('<exponential><float value="1e-3"/><system-mission-time/></exponential>', -math.expm1(-8.76)),
        ('<Weibull><float value="100"/><float value="2"/><float value="0"/><float value="10"/></Weibull>',
         -math.expm1(-0.01)),
        ('<GLM><float value="0"/><float value="1e-3"/><float value="0"/><float value="10"/></GLM>', -math.expm1(-0.01)),
        ('<lognormal-deviate><float value="0.01"/><float value="3"/><float value="0.95"/></lognormal-deviate>', 0.01),
        ('<lognormal-deviate><float value="-5"/><float value="2"/></lognormal-deviate>', math.exp(-3)),
        ('<uniform-deviate><float value="0.1"/><float value="0.3"/></uniform-deviate>', 0.2),
        ('<beta-deviate><float value="1"/><float value="4"/></beta-deviate>', 0.2),
        ('<gamma-deviate><float value="2"/><float value="0.05"/></gamma-deviate>', 0.1),
        ('<histogram><float value="0"/><bin><float value="0.2"/><float value="3"/></bin>'
         '<bin><float value="0.4"/><float value="1"/></bin></histogram>', 0.15),
        ('<ite><lt><parameter name="p"/><float value="1"/></lt><float value="0.3"/><float value="0.4"/></ite>', 0.3),
        ('<neg><float value="-0.25"/></neg>', 0.25),
        ('<exp><neg><float value="2"/></neg></exp>', math.exp(-2)),
        ('<periodic-test><float value="1e-3"/><float value="10"/><float value="5"/><float value="19"/></periodic-test>',
         -math.expm1(-4e-3)),
        # Repaired at once: as the test above it.
        ('<periodic-test><float value="1e-3"/><float value="1e9"/><float value="10"/><float value="5"/>'
         '<float value="19"/></periodic-test>', -math.expm1(-4e-3)),
        # Never repaired: as if never tested.
        ('<periodic-test><float value="1e-3"/><float value="0"/><float value="10"/><float value="5"/>'
         '<float value="19"/></periodic-test>', -math.expm1(-19e-3)),
    ],
)  # fmt: skip
def test_expressions(expression: str, want: float) -> None:
    data = (
        f'<model-data><define-basic-event name="A"><label>x</label>{expression}</define-basic-event>'
        '<define-parameter name="p"><add><float value="0.01"/><float value="0.01"/></add></define-parameter>'
        "</model-data>"
    )
    assert probability(gate(f"<or>{events('A')}</or>"), data) == pytest.approx(want, rel=1e-12)


def test_the_mission_time_is_said_where_it_is_assumed() -> None:
    data = (
        '<model-data><define-basic-event name="A"><exponential><float value="1e-3"/><system-mission-time/>'
        "</exponential></define-basic-event></model-data>"
    )
    text = f"<opsa-mef><define-fault-tree name='ft'>{gate(events('A'))}</define-fault-tree>{data}</opsa-mef>".encode()
    assert read_model(text, "t.xml").notes == (
        "The mission time is taken to be 8760: the file gives none; --mission-time sets it.",
    )
    told = read_model(text, "t.xml", mission_time=10.0)
    assert told.notes == ()
    assert told.trees[0].events["A"] == pytest.approx(-math.expm1(-0.01), rel=1e-12)


def test_names_hold_from_the_inside_out() -> None:
    """A private gate of a component is meant inside it; outside, the public one of the same name."""
    inner = '<define-gate name="g" role="private"><or><basic-event name="A"/></or></define-gate>'
    component = f'<define-component name="c">{inner}{gate("<not><gate name=" + chr(34) + "g" + chr(34) + "/></not>", "use")}</define-component>'  # noqa: E501
    outer = gate(f"<and>{events('B', 'C')}</and>", "g")
    top = gate('<or><gate name="use"/><gate name="g"/><gate name="c.g"/></or>')
    assert probability(top + outer + component) == 1.0
    (tree,) = model(top + outer + component).trees
    assert set(tree.gates) == {"top", "use", "ft.g", "ft.c.g"}


def test_each_top_event_is_a_tree() -> None:
    one = gate(f"<or>{events('A')}<gate name='shared'/></or>", "one")
    two = gate("<or><gate name='shared'/></or>", "two")
    made = model(one + two + gate(f"<and>{events('B', 'C')}</and>", "shared"))
    assert [(tree.name, tree.top) for tree in made.trees] == [("ft", "one"), ("ft", "two")]


def test_events_without_definitions_are_counted_only() -> None:
    made = model(gate(f"<and>{events('A', 'B')}</and>"), "")
    report = analyse_tree(made.trees[0])
    assert (report.probability, report.cut_sets_by_order) == (None, (0, 0, 1))
    assert "defines no basic event" in made.notes[0]


def group(name: str, factors: str, members: str = "AB") -> str:
    some = "".join(f'<basic-event name="{member}"/>' for member in members)
    return (
        f'<define-CCF-group name="g" model="{name}"><members>{some}</members>'
        f'<distribution><float value="0.1"/></distribution>{factors}</define-CCF-group>'
    )


def factor(level: int, value: float) -> str:
    return f'<factor level="{level}"><float value="{value}"/></factor>'


@pytest.mark.parametrize(
    ("made", "single", "both"),
    [
        (group("beta-factor", factor(2, 0.2)), 0.08, 0.02),
        (group("MGL", f"<factors>{factor(2, 0.2)}</factors>"), 0.08, 0.02),
        (group("alpha-factor", factor(1, 0.9) + factor(2, 0.1)), 0.1 * 0.9 / 1.1, 0.1 * 0.2 / 1.1),
        (group("phi-factor", f"<factors>{factor(2, 0.2)}{factor(1, 0.8)}</factors>"), 0.08, 0.02),
    ],
)  # fmt: skip
def test_common_causes_defeat_redundancy(made: str, single: float, both: float) -> None:
    """NUREG/CR-5485, appendix A: for two members P(A and B) = Q2 + (1 - Q2) Q1 squared."""
    want = both + (1 - both) * single**2
    assert probability(gate(f"<and>{events('A', 'B')}</and>") + made, "") == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (gate(f"<and>{events('A', 'Bb')}</and>"), "t.xml:1:113: basic-event 'Bb' is not defined; did you mean 'B'?"),
        (gate("<or><gate name='tap'/></or>"), "gate 'tap' is not defined; did you mean 'top'?"),
        (gate("<or><gate name='A'/></or>"), "'A' is a basic-event, not a gate"),
        (gate("<or><gate name='top'/></or>"), "the gates go in a circle: top > top; break it at one of them"),
        (gate(f"<xor>{events('A')}</xor>"), "'xor' takes two arguments, it has 1; correct the gate"),
        (gate(f"<atleast min='x'>{events('A')}</atleast>"), "min='x' is no count"),
        (gate(f"<most>{events('A')}</most>"), "'most' is no connective"),
        (gate(""), "gate 'top' has 0 formulae"),
        (gate(events("A")) * 2, "'top' is defined already at t.xml:1:"),
        ("<define-gate><or/></define-gate>", "'define-gate' has no name; give it one"),
        (gate(events("A")) + group("psi", ""), "CCF group 'g' has model 'psi'; use one of beta-factor"),
        (gate(events("A")) + group("MGL", factor(2, 0.1), "ABC"), "the MGL model of 3 members takes 2 factors, not 1"),
        ("", "the file defines no gate"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(body: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        model(body)
    assert message in str(caught.value)
    assert str(caught.value).startswith("t.xml:1:")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('<float value="1.5"/>', "basic event 'A' has probability 1.5; give it a figure from 0 to 1"),
        ('<float value="many"/>', "'many' is no number"),
        ('<parameter name="q"/>', "parameter 'q' is not defined"),
        ('<parameter name="p"/>', "the parameters go in a circle: p > p"),
        ("<histogram/>", "'histogram' has no bins"),
        ("<switch/>", "the expression 'switch' is not supported"),
        ('<div><float value="1"/><float value="0"/></div>', "'div' has no value for 1, 0"),
        ('<exponential><float value="1"/></exponential>', "'exponential' takes 2 arguments, not 1"),
    ],
)
def test_what_is_wrong_with_an_expression_is_said(expression: str, message: str) -> None:
    data = (
        f'<model-data><define-basic-event name="A">{expression}</define-basic-event>'
        '<define-parameter name="p"><parameter name="p"/></define-parameter></model-data>'
    )
    with pytest.raises(InputError) as caught:
        model(gate(events("A")), data)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><opsa-mef/>', "declares an XML entity"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opsa-mef>&a;</opsa-mef>', "declares an XML entity"),
        ("<opsa-mef>", "no well-formed XML: no element found"),
        ("", "no well-formed XML"),
        ("<svg/>", "the root element is 'svg', not 'opsa-mef'"),
        ("<opsa-mef>" + "<a>" * 400, "nested more than 300 deep"),
    ],
)
def test_hostile_and_foreign_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_model(text.encode(), "t.xml")


def test_a_document_type_alone_is_admitted() -> None:
    data = f"<!DOCTYPE opsa-mef SYSTEM 'nowhere.dtd'><opsa-mef><define-fault-tree name='ft'>{gate(events('A'))}</define-fault-tree><model-data>{DATA}</model-data></opsa-mef>"  # noqa: E501
    assert len(read_model(data.encode(), "t.xml").trees) == 1


@pytest.mark.parametrize("seed", range(40))
def test_what_is_written_is_read_as_the_same(seed: int) -> None:
    made = brute.random_tree(seed, most_events=8)
    (again,) = (tree for tree in read_model(to_open_psa([made]).encode(), "t.xml").trees if tree.top == made.top)
    assert analyse_tree(again).probability == analyse_tree(made).probability
    assert analyse_tree(again).cut_sets_by_order == analyse_tree(made).cut_sets_by_order


def test_several_trees_in_one_document_keep_their_own_figures() -> None:
    trees = [brute.random_tree(seed, most_events=6) for seed in (1, 2, 3)]
    read = read_model(to_open_psa(trees).encode(), "t.xml").trees
    assert [analyse_tree(tree).probability for tree in read] == [analyse_tree(tree).probability for tree in trees]
