"""The evaluation of policies: AWS's own cases, and what holds for any policies."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtui.model.component import Json
from archtui.trace.access.conditions import Context
from archtui.trace.access.documents import PolicyError, parse
from archtui.trace.access.matching import Caller, covers
from archtui.trace.access.ruling import Asked, Policies, Policy, rule
from archtui.trace.permission import Stated
from tests.proves import proves

OWN = "the model's own rule"
LOGIC = "IAM User Guide, 'Policy evaluation logic'"
HERE, THERE = "111122223333", "444455556666"
ROLE = Caller("role", "the role app", (f"arn:aws:iam::{HERE}:role/app", "app"), HERE)
BUCKET = "arn:aws:s3:::uploads"
VPCE = Context({"aws:sourcevpce": ("vpce-1",), "aws:securetransport": ("true",)}, frozenset({"aws:sourceip"}))
NO_VPCE = Context({"aws:sourceip": ("198.51.100.7",)}, frozenset({"aws:sourcevpce"}))
GET = Asked("s3:GetObject", f"{BUCKET}/cat.jpg", "uploads", ROLE, HERE)


def policy(*statements: dict[str, Json], name: str = "policy") -> Policy:
    text = json.dumps({"Statement": list(statements)})
    return Policy(Stated(name, (), text, name), parse(text))


def allow(action: str = "s3:GetObject", resource: str = f"{BUCKET}/*", **more: Json) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str = "s3:GetObject", resource: str = f"{BUCKET}/*", **more: Json) -> dict[str, Json]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


APP: Json = {"AWS": f"arn:aws:iam::{HERE}:role/app"}
ACCOUNT: Json = {"AWS": f"arn:aws:iam::{HERE}:root"}
NOTHING = policy(allow("sqs:*", "*"))
MAY = policy(allow())

ONE_WAY = policy(deny(Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))


@dataclass(frozen=True)
class Case:
    """What is asked, what is stated, what AWS decides."""

    behaviour: str
    policies: Policies
    outcome: str
    code: str = ""
    asked: Asked = GET
    source: str = LOGIC


def _in(account: str) -> Asked:
    return replace(GET, account=account)


CASES = (
    Case("Nothing is decided where nothing is stated.", Policies(), "silent", source=OWN),
    Case("An identity policy allows within an account.", Policies((MAY,)), "allowed"),
    Case("What no statement allows is denied.", Policies((NOTHING,)), "denied", "IAM_IMPLICIT_DENY"),
    Case("A role without policies may do nothing.", Policies(()), "denied", "IAM_IMPLICIT_DENY"),
    Case("An explicit deny beats an allow.", Policies((MAY, policy(deny()))), "denied", "IAM_EXPLICIT_DENY"),
    Case(
        "A deny in the resource policy beats an allow of the identity policy.",
        Policies((MAY,), resource=policy(deny(Principal="*"))),
        "denied",
        "IAM_EXPLICIT_DENY",
    ),
    Case(
        "Within an account a resource policy that names the role is enough.",
        Policies((NOTHING,), resource=policy(allow(Principal=APP))),
        "allowed",
    ),
    Case(
        "A resource policy that names the account leaves the decision to the identity policies there.",
        Policies((NOTHING,), resource=policy(allow(Principal=ACCOUNT))),
        "denied",
        "IAM_IMPLICIT_DENY",
        source="IAM User Guide, 'AWS JSON policy elements: Principal', account principals",
    ),
    Case(
        "Across accounts both policies have to allow: both do.",
        Policies((MAY,), resource=policy(allow(Principal=ACCOUNT))),
        "allowed",
        asked=_in(THERE),
    ),
    Case(
        "Across accounts both policies have to allow: the identity policy does not.",
        Policies((NOTHING,), resource=policy(allow(Principal=APP))),
        "denied",
        "IAM_IMPLICIT_DENY",
        _in(THERE),
    ),
    Case(
        "Across accounts both policies have to allow: the resource policy does not.",
        Policies((MAY,), resource=policy(allow("s3:PutObject", Principal=APP))),
        "denied",
        "IAM_IMPLICIT_DENY",
        _in(THERE),
    ),
    Case(
        "Across accounts an unstated resource policy leaves it open.",
        Policies((MAY,)),
        "undecided",
        "IAM_POLICY_UNDECIDED",
        _in(THERE),
    ),
    Case(
        "A permissions boundary limits what the identity policy gives.",
        Policies((MAY,), boundary=NOTHING),
        "denied",
        "IAM_BOUNDARY_DENY",
        source="IAM User Guide, 'Permissions boundaries for IAM entities'",
    ),
    Case(
        "A permissions boundary alone gives nothing.", Policies((NOTHING,), boundary=MAY), "denied", "IAM_IMPLICIT_DENY"
    ),
    Case(
        "A boundary limits what a resource policy gives to a role.",
        Policies((NOTHING,), boundary=NOTHING, resource=policy(allow(Principal=APP))),
        "denied",
        "IAM_BOUNDARY_DENY",
    ),
    Case(
        "Every level of service control policies has to allow.",
        Policies((MAY,), levels=((MAY, NOTHING), (NOTHING,))),
        "denied",
        "IAM_SCP_DENY",
        source="AWS Organizations User Guide, 'SCP evaluation'",
    ),
    Case("One policy of a level is enough.", Policies((MAY,), levels=((MAY, NOTHING),)), "allowed"),
    Case(
        "An endpoint policy has to allow besides.",
        Policies((MAY,), ways=(NOTHING,)),
        "denied",
        "ENDPOINT_POLICY_DENY",
        source="AWS PrivateLink Guide, 'Control access to VPC endpoints using endpoint policies'",
    ),
    Case("An endpoint policy alone gives nothing.", Policies((NOTHING,), ways=(MAY,)), "denied", "IAM_IMPLICIT_DENY"),
    Case(
        "A bucket policy that denies all but one endpoint lets that endpoint's requests be.",
        Policies((MAY,), resource=ONE_WAY),
        "allowed",
        asked=replace(GET, context=VPCE),
        source="S3 User Guide, 'Controlling access from VPC endpoints with bucket policies'",
    ),
    Case(
        "A request without the key of a negated condition fits it.",
        Policies((MAY,), resource=ONE_WAY),
        "denied",
        "IAM_EXPLICIT_DENY",
        replace(GET, context=NO_VPCE),
        "IAM User Guide, 'Condition operators', negated matching operators",
    ),
    Case(
        "IfExists passes where the key is absent.",
        Policies((policy(allow(Condition={"StringEqualsIfExists": {"aws:SourceVpce": "vpce-9"}})),)),
        "allowed",
        asked=replace(GET, context=NO_VPCE),
        source="IAM User Guide, '...IfExists condition operators'",
    ),
    Case(
        "An address outside of a block is denied.",
        Policies((policy(allow(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),)),
        "denied",
        "IAM_IMPLICIT_DENY",
        replace(GET, context=NO_VPCE),
        "IAM User Guide, 'IP address condition operators'",
    ),
    Case(
        "Null asks whether the key is there.",
        Policies((policy(allow(), deny(Condition={"Null": {"aws:SourceVpce": "true"}})),)),
        "denied",
        "IAM_EXPLICIT_DENY",
        replace(GET, context=NO_VPCE),
        "IAM User Guide, 'Condition operator to check existence of condition keys'",
    ),
    Case(
        "What is not known of the request leaves it open.",
        Policies((policy(allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "web"}})),)),
        "undecided",
        "IAM_POLICY_UNDECIDED",
        source=OWN,
    ),
    Case(
        "NotAction is about all but what it lists.",
        Policies((policy({"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}, allow("*", "*")),)),
        "allowed",
        source="IAM User Guide, 'IAM JSON policy elements: NotAction'",
    ),
    Case(
        "NotResource is about all but what it lists.",
        Policies((policy({"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/*"}),)),
        "denied",
        "IAM_IMPLICIT_DENY",
        source="IAM User Guide, 'IAM JSON policy elements: NotResource'",
    ),
    Case(
        "NotPrincipal with Deny spares whom it lists.",
        Policies((MAY,), resource=policy({"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": APP})),
        "allowed",
        source="IAM User Guide, 'AWS JSON policy elements: NotPrincipal'",
    ),
    Case("Case plays no part in actions.", Policies((policy(allow("S3:getobject")),)), "allowed"),
    Case(
        "A stranger gets nothing without a policy that opens the bucket.",
        Policies(),
        "denied",
        "IAM_ANONYMOUS_DENY",
        replace(GET, caller=Caller("stranger", "a stranger")),
        "S3 User Guide, 'How Amazon S3 authorizes a request'",
    ),
    Case(
        "A public policy opens the bucket to strangers.",
        Policies(resource=policy(allow(Principal="*"))),
        "allowed",
        asked=replace(GET, caller=Caller("stranger", "a stranger")),
        source="S3 User Guide, 'How Amazon S3 authorizes a request'",
    ),
    Case(
        "Block Public Access keeps strangers out whatever a public policy says.",
        Policies(resource=policy(allow(Principal="*")), blocks_public=True),
        "denied",
        "IAM_ANONYMOUS_DENY",
        replace(GET, caller=Caller("stranger", "a stranger")),
        "S3 User Guide, 'Blocking public access to your Amazon S3 storage'",
    ),
    Case(
        "A service is allowed by the resource policy with its source.",
        Policies(
            resource=policy(
                allow(
                    Principal={"Service": "s3.amazonaws.com"},
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::a*"}},
                )
            )
        ),
        "allowed",
        asked=replace(
            GET,
            caller=Caller("service", "s3", service="s3.amazonaws.com"),
            context=Context({"aws:sourcearn": ("arn:aws:s3:::album",)}),
        ),
        source="IAM User Guide, 'The confused deputy problem'",
    ),
    Case(
        "A key policy has to allow even within its account.",
        Policies(
            (MAY,),
            resource=policy(allow(Principal={"AWS": "arn:aws:iam::111122223333:role/other"})),
            guards_itself=True,
        ),
        "denied",
        "IAM_IMPLICIT_DENY",
        source="KMS Developer Guide, 'Key policies in AWS KMS'",
    ),
    Case(
        "A key policy that names the account lets IAM policies decide.",
        Policies((MAY,), resource=policy(allow(Principal=ACCOUNT)), guards_itself=True),
        "allowed",
        source="KMS Developer Guide, 'Default key policy'",
    ),
    Case(
        "A key policy that names the role needs no IAM policy.",
        Policies((NOTHING,), resource=policy(allow(Principal=APP)), guards_itself=True),
        "allowed",
        source="KMS Developer Guide, 'Key policies in AWS KMS'",
    ),
    Case(
        "A grant is enough to use a key.", Policies((NOTHING,), granted=True, guards_itself=True), "silent", source=OWN
    ),
)


def _marks(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    """What the model decides by a rule of its own proves nothing of AWS."""
    return () if case.source == OWN else (proves(case.behaviour, area="IAM", source=case.source),)


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=c.behaviour, marks=_marks(c)) for c in CASES],
)
def test_aws_decides(case: Case) -> None:
    ruling = rule(case.asked, case.policies)
    assert (ruling.outcome, ruling.code) == (case.outcome, case.code)
    assert bool(ruling.missing) == (case.outcome == "undecided")


def test_the_statement_that_decides_is_named() -> None:
    ruling = rule(GET, Policies((NOTHING, policy(deny(Sid="NoReads"), name="lock"))))
    assert ruling.decided is not None
    assert ruling.decided.statement is not None
    assert (ruling.decided.policy.stated.component, ruling.decided.statement.sid) == ("lock", "NoReads")
    lost = rule(GET, Policies((NOTHING,))).lost
    assert [found.fit.why for found in lost] == ["it is not about s3:GetObject"]


def _oracle(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_oracle(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _oracle(pattern[1:], text[1:])


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_patterns_match_as_they_are_written(pattern: str, text: str) -> None:
    assert covers(pattern, text) is _oracle(pattern, text)


@given(
    st.text("ab*?", max_size=5), st.text("ab*", max_size=4), st.lists(st.text("ab", max_size=3), min_size=4, max_size=4)
)
def test_what_is_not_known_is_never_decided_wrongly(pattern: str, text: str, parts: list[str]) -> None:
    decided = covers(pattern, text)
    filled = text
    for part in parts:
        filled = filled.replace("*", part, 1)
    if decided is not None:
        assert _oracle(pattern, filled) is decided


STATEMENTS = st.builds(
    lambda effect, action, resource, extra: {"Effect": effect, "Action": action, "Resource": resource, **extra},
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["s3:GetObject", "s3:*", "s3:Put*", "*", "sqs:*"]),
    st.sampled_from(["*", f"{BUCKET}/*", f"{BUCKET}/dog*", BUCKET]),
    st.sampled_from(
        [{}, {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, {"Condition": {"StringEquals": {"a:b": "c"}}}]
    ),
)
RANK = {"denied": 0, "undecided": 1, "silent": 2, "allowed": 2}
ASKED = replace(GET, context=VPCE)


@proves("Adding a statement that allows never takes a permission away.", area="IAM", source=LOGIC)
@given(st.lists(STATEMENTS, max_size=5), STATEMENTS)
def test_an_allow_more_never_denies(statements: list[dict[str, Json]], more: dict[str, Json]) -> None:
    before = rule(ASKED, Policies((policy(*statements),)))
    after = rule(ASKED, Policies((policy(*statements, {**more, "Effect": "Allow"}),)))
    assert RANK[after.outcome] >= RANK[before.outcome]


@proves("An explicit deny always wins.", area="IAM", source=LOGIC)
@given(st.lists(STATEMENTS, max_size=5), st.sampled_from(["identity", "resource", "boundary", "level", "way"]))
def test_an_explicit_deny_always_wins(statements: list[dict[str, Json]], where: str) -> None:
    full, lock = policy(allow("*", "*"), *statements), policy(deny("*", "*", Principal="*"))
    met = Policies(
        (full, lock) if where == "identity" else (full,),
        lock if where == "boundary" else None,
        ((full, lock),) if where == "level" else (),
        lock if where == "resource" else None,
        (lock,) if where == "way" else (),
    )
    assert rule(ASKED, met).outcome == "denied"


@proves("The order of statements and policies plays no part.", area="IAM", source=LOGIC)
@given(st.lists(STATEMENTS, max_size=5).flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))))
def test_the_order_of_statements_plays_no_part(both: tuple[list[dict[str, Json]], list[dict[str, Json]]]) -> None:
    one, other = (rule(ASKED, Policies((policy(*statements),))) for statements in both)
    assert (one.outcome, one.code, set(one.missing)) == (other.outcome, other.code, set(other.missing))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("{}", "no Statement"),
        ('{"Statement": [{"Effect": "Maybe", "Action": "*"}]}', "Allow or Deny"),
        ('{"Statement": [{"Effect": "Allow"}]}', "Action or NotAction"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Resources": "*"}}', "no element"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"Role": "x"}}}', "of type 'Role'"),
    ],
)
def test_what_aws_refuses_is_refused(text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        parse(text)
