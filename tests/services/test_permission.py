"""Permission in whole traces: the deciding statement is shown, and nothing is said where nothing is stated."""

from __future__ import annotations

import json

import pytest

from archtui.formats.blueprint_file import loads
from archtui.model.errors import InputError
from archtui.services import registry
from archtui.trace.fixes import with_fixes
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Step, Verdict
from tests.proves import proves

DESIGN = """
blueprint: Permission
region: eu-west-1
account: "111122223333"
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  private: {kind: route_table, vpc: vpc, main: true}
  sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: 0.0.0.0/0}]}
  app-role: {kind: iam_role, policies: [POLICIES]}
  worker: {kind: ec2_instance, subnet: app-a, security_groups: [sg], role: app-role}
  tester: {kind: ec2_instance, subnet: app-a, security_groups: [sg]}
  files: {kind: s3_bucket}
  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [private]}
links:
  - {from: worker, to: files, action: "s3:GetObject"}
"""
READS = '{Statement: {Effect: Allow, Action: "s3:GetObject", Resource: files/*}}'
OTHER = '{Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}}'
FETCH = Request.make("internet", "https://files.s3.eu-west-1.amazonaws.com/cat.jpg")
WORK = Request.make("tester", "worker", protocol="http")


def design(policies: str = READS, *changes: tuple[str, str]) -> str:
    text = DESIGN.replace("POLICIES", policies)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def traced(text: str, request: Request = WORK) -> Trace:
    return trace(compile_world(loads(text, registry()).blueprint), request)


def permission(found: Trace) -> list[Step]:
    return [step for hop in found.forward for step in hop.steps if step.layer == "permission"]


def test_the_statement_that_allows_is_shown_with_its_place() -> None:
    found = traced(design())
    assert found.verdict is Verdict.REACHABLE
    (step,) = permission(found)
    assert step.decided_by is not None
    assert (step.decided_by.component, step.decided_by.path) == ("app-role", ("policies", 0, "Statement"))
    assert "Allow s3:GetObject" in step.decided_by.text


def test_nothing_is_said_where_nothing_is_stated() -> None:
    for change in ((", role: app-role", ""), (", policies: [POLICIES]", "")):
        found = traced(design("POLICIES", change))
        assert (found.verdict, permission(found)) == (Verdict.REACHABLE, [])


PUBLIC = READS.replace("Action", "Principal: '*', Action")
NAMED = READS.replace("Action", "Principal: {AWS: app-role}, Action")
BUCKET = "kind: s3_bucket"
VPCE_ONLY = (
    "kind: s3_bucket, policy: {Statement: {Effect: Deny, Principal: '*', Action: 's3:*', Resource: files/*, "
    "Condition: {StringNotEquals: {'aws:SourceVpce': WAY}}}}"
)
ENDPOINT = "service: s3, route_tables"
KEYED = "kind: s3_bucket, kms_key: cmk}\n  cmk: {kind: kms_key"
KEY_OF_OTHERS = ", policy: {Statement: {Effect: Allow, Principal: {AWS: other}, Action: 'kms:*', Resource: '*'}}"
KEY_GRANTED = f"{KEY_OF_OTHERS}, grants: [{{grantee: app-role}}]"


@proves(
    "A call is refused with 403 by the first policy that denies it or does not allow it: the role's, the bucket's, the "
    "endpoint's, the boundary or the key's",
    area="IAM",
    source="IAM User Guide, 'Policy evaluation logic'; KMS Developer Guide, 'Key policies in AWS KMS'",
)
@pytest.mark.parametrize(
    ("policies", "changes", "code", "at"),
    [
        (OTHER, (), "IAM_IMPLICIT_DENY", "app-role"),
        ("", (), "IAM_IMPLICIT_DENY", "app-role"),
        (READS, ((BUCKET, VPCE_ONLY.replace("WAY", "vpce-9")),), "IAM_EXPLICIT_DENY", "files"),
        (READS, ((ENDPOINT, f"service: s3, policy: {OTHER}, route_tables"),), "ENDPOINT_POLICY_DENY", "to-s3"),
        (READS, (("iam_role,", f"iam_role, boundary: {OTHER},"),), "IAM_BOUNDARY_DENY", "app-role"),
        (READS, ((BUCKET, KEYED),), "KMS_ACCESS_DENIED", "app-role"),
        (f"{READS}, AdministratorAccess", ((BUCKET, KEYED + KEY_OF_OTHERS),), "KMS_ACCESS_DENIED", "cmk"),
        (READS, ((BUCKET, KEYED + ", state: PendingDeletion"),), "KMS_KEY_UNUSABLE", "cmk"),
        (
            READS,
            (
                (
                    "iam_role,",
                    "iam_role, trust: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, "
                    "Action: 'sts:AssumeRole'}},",
                ),
            ),
            "IAM_ROLE_NOT_TRUSTED",
            "app-role",
        ),
    ],
)
def test_a_call_is_refused(policies: str, changes: tuple[tuple[str, str], ...], code: str, at: str) -> None:
    found = traced(design(policies, *changes))
    assert [(blocker.code, blocker.component) for blocker in found.blockers] == [(code, at)]
    assert found.status == 500


@pytest.mark.parametrize(
    ("policies", "changes"),
    [
        ("AmazonS3ReadOnlyAccess", ()),
        (READS, ((BUCKET, VPCE_ONLY.replace("WAY", "to-s3")),)),
        (
            READS,
            ((ENDPOINT, f"service: s3, policy: {PUBLIC}, route_tables"),),
        ),
        (f"{READS}, AdministratorAccess", ((BUCKET, KEYED),)),
        (READS, ((BUCKET, KEYED + KEY_GRANTED),)),
        (
            OTHER,
            ((BUCKET, f"kind: s3_bucket, policy: {NAMED}"),),
        ),
    ],
)
def test_a_call_is_allowed(policies: str, changes: tuple[tuple[str, str], ...]) -> None:
    found = traced(design(policies, *changes))
    assert (found.blockers, found.missing, found.verdict) == ((), (), Verdict.REACHABLE)
    assert permission(found)


def test_a_policy_of_aws_that_is_not_known_leaves_it_open() -> None:
    found = traced(design("AWSSomethingElse"))
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("the text of the AWS managed policy AWSSomethingElse",)


@proves(
    "A bucket is private: unsigned requests get 403 unless a policy opens it and Block Public Access is off",
    area="S3",
    source="S3 User Guide, 'Blocking public access to your Amazon S3 storage'",
)
@pytest.mark.parametrize(
    ("bucket", "status"),
    [
        ("kind: s3_bucket", 403),
        (f"kind: s3_bucket, policy: {PUBLIC}", 403),
        (f"kind: s3_bucket, block_public_access: false, policy: {PUBLIC}", 200),
        ("kind: s3_bucket, block_public_access: false", 403),
    ],
)
def test_strangers_get_nothing_by_default(bucket: str, status: int) -> None:
    assert traced(design(READS, (BUCKET, bucket)), FETCH).status == status


def test_a_signed_request_is_somebodys() -> None:
    signed = Request.make("internet", f"{FETCH.target_text}?X-Amz-Signature=00")
    header = Request.make("internet", FETCH.target_text, headers={"authorization": "AWS4-HMAC-SHA256 ..."})
    for request in (signed, header):
        assert traced(design(), request).status == 200


FUNCTION = """
blueprint: Notification
region: eu-west-1
account: "111122223333"
components:
  uploads: {kind: s3_bucket, notifications: [{to: thumbs}]}
  thumbs: {kind: lambda_function, policy: POLICY}
"""
PRESIGNED = "https://uploads.s3.eu-west-1.amazonaws.com/c.jpg?X-Amz-Signature=0"


@proves(
    "S3 invokes a function only if the function's resource policy lets it, for this bucket",
    area="Lambda",
    source="Lambda Developer Guide, 'Granting Lambda function access to AWS services'; fact lambda-resource-policy-01",
)
@pytest.mark.parametrize(
    ("principal", "source", "verdict"),
    [
        ("s3.amazonaws.com", "arn:aws:s3:::uploads", Verdict.REACHABLE),
        ("s3.amazonaws.com", "arn:aws:s3:::others", Verdict.BLOCKED),
        ("sns.amazonaws.com", "arn:aws:s3:::uploads", Verdict.BLOCKED),
    ],
)
def test_a_service_needs_the_resource_policy(principal: str, source: str, verdict: Verdict) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "lambda:InvokeFunction",
        "Resource": "thumbs",
        "Condition": {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    text = FUNCTION.replace("POLICY", json.dumps({"Statement": [statement]}))
    upload = Request.make("internet", PRESIGNED, method="PUT")
    found = traced(text, upload)
    assert found.verdict is Verdict.REACHABLE
    assert [later.verdict for later in found.afterwards] == [verdict]


def test_a_policy_that_aws_would_refuse_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match="Allow or Deny"):
        loads(FUNCTION.replace("POLICY", "{Statement: {Effect: Perhaps, Action: '*'}}"), registry())


@pytest.mark.parametrize(
    ("policies", "changes", "wanted"),
    [
        (OTHER, (), "let app-role s3:GetObject on files"),
        ("", (), "let app-role s3:GetObject on files"),
        (READS, ((BUCKET, KEYED),), "let app-role kms:Decrypt on cmk"),
        (READS, ((BUCKET, KEYED + KEY_OF_OTHERS),), "grant app-role kms:Decrypt with cmk"),
        ("AdministratorAccess", ((BUCKET, KEYED + ", state: Disabled"),), "set cmk.state to Enabled"),
        (READS, ((ENDPOINT, f"service: s3, policy: {OTHER}, route_tables"),), "let policy of to-s3 allow s3:GetObject"),
    ],
)
def test_the_missing_statement_is_offered_and_proved(
    policies: str, changes: tuple[tuple[str, str], ...], wanted: str
) -> None:
    world = compile_world(loads(design(policies, *changes), registry()).blueprint)
    fixes = with_fixes(world, trace(world, WORK)).fixes
    assert wanted in [fix.message for fix in fixes]
    assert all(fix.verified for fix in fixes)


def test_a_denial_that_somebody_wrote_is_left_alone() -> None:
    text = design(READS, (BUCKET, VPCE_ONLY.replace("WAY", "vpce-9")))
    world = compile_world(loads(text, registry()).blueprint)
    assert with_fixes(world, trace(world, WORK)).fixes == ()


@proves(
    "A service control policy binds the identities of the accounts below it, whatever their own policies allow",
    area="IAM",
    source="AWS Organizations User Guide, 'SCP evaluation'",
)
@pytest.mark.parametrize(
    ("level", "members", "codes"),
    [
        ("{policies: [POLICY]}", "111122223333", ()),
        ("{policies: [POLICY], full_access: false}", "111122223333", ("IAM_SCP_DENY",)),
        ("{policies: [POLICY], full_access: false}", "444455556666", ()),
        ("{policies: [DENY]}", "111122223333", ("IAM_EXPLICIT_DENY",)),
    ],
)
def test_service_control_policies_bind_their_accounts(level: str, members: str, codes: tuple[str, ...]) -> None:
    level = level.replace("POLICY", OTHER).replace("DENY", READS.replace("Allow", "Deny"))
    kind = f"  org: {{kind: organization, accounts: ['{members}'], controls: [{level}]}}\nlinks:"
    found = traced(design(READS, ("links:", kind)))
    assert tuple(blocker.code for blocker in found.blockers) == codes


TOLD = """
blueprint: told
region: eu-west-1
account: "111122223333"
components:
  key: {kind: kms_key}
  queue: {kind: sqs_queue, kms_key: key}
  uploads: {kind: s3_bucket, notifications: [{to: queue}]}
"""
FOR_S3 = (
    'policy: {Statement: {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: ["kms:GenerateDataKey*", '
    '"kms:Decrypt"], Resource: "*"}}'
)


@proves(
    "The default key policy lets no AWS service use the key: S3 tells an encrypted queue nothing until it is named",
    area="KMS",
    source="SQS Developer Guide, 'Configure KMS permissions for AWS services'; KMS Developer Guide, 'Default key "
    "policy'",
)
@pytest.mark.parametrize(
    ("key", "queue", "code"),
    [("", ", kms_key: key", "KMS_ACCESS_DENIED"), (f", {FOR_S3}", ", kms_key: key", ""), ("", "", "")],
)
def test_a_service_needs_the_key_policy(key: str, queue: str, code: str) -> None:
    text = TOLD.replace("kind: kms_key", f"kind: kms_key{key}").replace(", kms_key: key", queue)
    found = traced(text, Request.make("internet", PRESIGNED, method="PUT"))
    (told,) = found.afterwards
    met = {step.code for stage in told.stage.all_stages() for hop in stage.forward for step in hop.steps}
    assert ("KMS_ACCESS_DENIED" in met) is bool(code)


@proves(
    "What is encrypted with a key of another region cannot be used: a key and what it encrypts are in one region",
    area="KMS",
    source="S3 User Guide, 'Specifying server-side encryption with AWS KMS (SSE-KMS)': same Region as the bucket",
)
@pytest.mark.parametrize(("region", "verdict"), [("us-east-1", Verdict.BLOCKED), ("eu-west-1", Verdict.REACHABLE)])
def test_a_key_serves_its_own_region(region: str, verdict: Verdict) -> None:
    text = design(READS, ("kind: s3_bucket", "kind: s3_bucket, kms_key: key"), ("app-role", "runner"))
    text = text.replace("  files:", f"  key: {{kind: kms_key, region: {region}}}\n  files:")
    reads_and_decrypts = '{Statement: {Effect: Allow, Action: ["s3:GetObject", "kms:Decrypt"], Resource: "*"}}'
    found = traced(text.replace(READS, reads_and_decrypts))
    assert found.verdict is verdict
    assert [blocker.code for blocker in found.blockers] == (["KMS_KEY_UNUSABLE"] if region == "us-east-1" else [])


@proves(
    "A call from another account needs the resource's policy; where none is stated, the answer is open",
    area="IAM",
    source="IAM User Guide, 'Cross-account policy evaluation logic'; fact s3-policy-eval-01",
)
@pytest.mark.parametrize("role", [", role: app-role", ""])
@pytest.mark.parametrize(
    ("account", "verdict"), [("444455556666", Verdict.UNKNOWN), ("111122223333", Verdict.REACHABLE)]
)
def test_another_account_is_not_taken_to_let_in(role: str, account: str, verdict: Verdict) -> None:
    changes = (("kind: s3_bucket", f'kind: s3_bucket, account: "{account}"'), (", role: app-role", role))
    found = traced(design(READS, *changes))
    assert found.verdict is verdict
    assert any("another one" in text for text in found.missing) is (verdict is Verdict.UNKNOWN)
