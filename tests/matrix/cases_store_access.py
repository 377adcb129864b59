"""Guards of stores: each refuses one request and lets another through."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase
from tests.matrix.store_designs import CALL, INSIDE, OUTSIDE, PLACE, design, table

_GET = Request.make("internet", "https://files.s3.eu-west-1.amazonaws.com/a")
_S3 = "S3 User Guide, "
_EVERYBODY = (
    "policy: {Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}]}"
)


def _bucket(settings: str) -> str:
    return design(f"  files: {{kind: s3_bucket, {settings}}}\n")


def _guard(
    row: str, source: str, taken: tuple[str, str], left: str, request: Request = CALL, status: int | None = None
) -> Iterator[MatrixCase]:
    """Return the case that the guard refuses, with its reason code, and the one that it lets through."""
    text, code = taken
    refused = Expected(Verdict.BLOCKED, code=code) if status is None else Expected(Verdict.BLOCKED, status, code)
    yield MatrixCase("store access", row, True, text, request, refused, source)
    yield MatrixCase("store access", row, False, left, request, Expected(without=code), source)


def _role(*statements: str) -> str:
    listed = ", ".join(f"{{Effect: Allow, Action: '{what}', Resource: '*'}}" for what in statements)
    return f"  app: {{kind: iam_role, policies: [{{Statement: [{listed}]}}]}}\n"


def _keyed(*actions: str) -> str:
    files = "  cmk: {kind: kms_key}\n  files: {kind: s3_bucket, kms_key: cmk}\n"
    return design(OUTSIDE % ", role: app" + _role(*actions) + files, 'fn files action: "s3:GetObject"')


def _point(vpc: str) -> str:
    bucket = f"  bucket: {{kind: s3_bucket}}\n  point: {{kind: s3_access_point, bucket: bucket{vpc}}}\n"
    way = "  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [main]}\n"
    other = "  other: {kind: vpc, cidr: 10.9.0.0/16}\n"
    return design(INSIDE % "" + bucket + way + other, 'fn point action: "s3:GetObject"')


def _by_endpoint(policy: str) -> str:
    table = "  items: {kind: dynamodb_table}\n"
    way = f"  to-ddb: {{kind: gateway_endpoint, vpc: vpc, service: dynamodb, route_tables: [main]{policy}}}\n"
    return design(INSIDE % "" + table + way, 'fn items action: "dynamodb:GetItem"')


def _without_endpoint(way: str) -> str:
    return design(INSIDE % "" + "  items: {kind: dynamodb_table}\n" + way, 'fn items action: "dynamodb:GetItem"')


def _database(kind: str, settings: str, link: str, more: str = "") -> str:
    return design(INSIDE % "" + f"  db: {{kind: {kind}, {PLACE}{settings}}}\n{more}", link)


_REPLICA = f"  copy: {{kind: rds, replica_of: db, {PLACE}}}\n"
_READERS = "  readers: {kind: db_cluster_endpoint, cluster: db, type: reader}\n"
_SECONDARY = f"  db: {{kind: db_cluster, {PLACE}}}\n  copy: {{kind: db_cluster, replica_of: db, {PLACE}}}\n"


def _proxied(*allowed: str) -> str:
    proxy = f"  pool: {{kind: db_proxy, target: db, secrets: [login], role: app, {PLACE}}}\n"
    more = proxy + "  login: {kind: secret}\n" + _role(*allowed)
    return _database("rds", ", engine: postgres", "fn pool", more)


def _mounted(points: str, groups: str = "[sg]") -> str:
    place = f"subnets: [a, b], security_groups: {groups}"
    more = "  shut: {kind: security_group, vpc: vpc}\n"
    return design(INSIDE % "" + f"  files: {{kind: efs_file_system, {place}{points}}}\n{more}", "fn files")


_SEND_POLICY = (
    "policy: {Statement: [{Effect: Deny, Principal: '*', Action: '%s', Resource: %s}, "
    "{Effect: Allow, Principal: '*', Action: '%s', Resource: %s}]}"
)

CASES = (
    *_guard(
        "S3 bucket policy",
        _S3 + "'Policies and permissions in Amazon S3'",
        (_bucket("block_public_access: false"), "IAM_ANONYMOUS_DENY"),
        _bucket(f"block_public_access: false, {_EVERYBODY}"),
        _GET,
        403,
    ),
    *_guard(
        "S3 Block Public Access",
        _S3 + "'Blocking public access to your Amazon S3 storage'",
        (_bucket(_EVERYBODY), "IAM_ANONYMOUS_DENY"),
        _bucket(f"block_public_access: false, {_EVERYBODY}"),
        _GET,
        403,
    ),
    *_guard(
        "S3 ACL turned off",
        _S3 + "'Controlling ownership of objects and disabling ACLs for your bucket'",
        (_bucket("block_public_access: false, acl: public-read"), "IAM_ANONYMOUS_DENY"),
        _bucket("block_public_access: false, acl: public-read, object_ownership: ObjectWriter"),
        _GET,
        403,
    ),
    *_guard(
        "S3 ACL blocked",
        _S3 + "'Blocking public access to your Amazon S3 storage' (IgnorePublicAcls)",
        (_bucket("acl: public-read, object_ownership: ObjectWriter"), "IAM_ANONYMOUS_DENY"),
        _bucket("block_public_access: false, acl: public-read, object_ownership: ObjectWriter"),
        _GET,
        403,
    ),
    *_guard(
        "S3 archive class",
        _S3 + "'Understanding archive retrieval options'",
        (_bucket(f"block_public_access: false, {_EVERYBODY}, storage_class: DEEP_ARCHIVE"), "S3_OBJECT_ARCHIVED"),
        _bucket(f"block_public_access: false, {_EVERYBODY}, storage_class: GLACIER_IR"),
        _GET,
        403,
    ),
    *_guard(
        "S3 key",
        _S3 + "'Using server-side encryption with AWS KMS keys' (kms:Decrypt)",
        (_keyed("s3:GetObject"), "KMS_ACCESS_DENIED"),
        _keyed("s3:GetObject", "kms:Decrypt"),
    ),
    *_guard(
        "S3 access point of a VPC",
        _S3 + "'Creating access points restricted to a virtual private cloud'",
        (_point(", vpc: other"), "S3_ACCESS_POINT_VPC"),
        _point(", vpc: vpc"),
    ),
    *_guard(
        "DynamoDB endpoint policy",
        "DynamoDB Developer Guide, 'Using Amazon VPC endpoints to access DynamoDB'",
        (
            _by_endpoint(", policy: {Statement: [{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*'}]}"),
            "ENDPOINT_POLICY_DENY",
        ),
        _by_endpoint(""),
    ),
    *_guard(
        "DynamoDB without a way",
        "DynamoDB Developer Guide, 'Using Amazon VPC endpoints to access DynamoDB'; fact dynamodb-public-01",
        (_without_endpoint(""), "NO_ROUTE_TO_DESTINATION"),
        _without_endpoint("  to-ddb: {kind: gateway_endpoint, vpc: vpc, service: dynamodb, route_tables: [main]}\n"),
    ),
    *_guard(
        "DynamoDB item size",
        "fact dynamodb-item-size-01",
        (table(", item_size: 401"), "DYNAMODB_ITEM_TOO_LARGE"),
        table(", item_size: 400"),
    ),
    *_guard(
        "SQS queue policy",
        "SQS Developer Guide, 'Using custom policies with the Amazon SQS Access Policy Language'",
        (
            design(
                OUTSIDE % ", role: app"
                + _role("sqs:SendMessage")
                + f"  jobs: {{kind: sqs_queue, {_SEND_POLICY % (('sqs:SendMessage', 'jobs') * 2)}}}\n",
                "fn jobs",
            ),
            "IAM_EXPLICIT_DENY",
        ),
        design(OUTSIDE % ", role: app" + _role("sqs:SendMessage") + "  jobs: {kind: sqs_queue}\n", "fn jobs"),
    ),
    *_guard(
        "SNS topic policy",
        "SNS Developer Guide, 'Example cases for Amazon SNS access control'",
        (
            design(OUTSIDE % ", role: app" + _role("sqs:SendMessage") + "  news: {kind: sns_topic}\n", "fn news"),
            "IAM_IMPLICIT_DENY",
        ),
        design(OUTSIDE % ", role: app" + _role("sns:Publish") + "  news: {kind: sns_topic}\n", "fn news"),
    ),
    *_guard(
        "SQS message size",
        "fact sqs-size-01",
        (
            design(OUTSIDE % "" + "  jobs: {kind: sqs_queue, message_size: 1025}\n", "fn jobs"),
            "SQS_MESSAGE_TOO_LARGE",
        ),
        design(OUTSIDE % "" + "  jobs: {kind: sqs_queue, message_size: 1024}\n", "fn jobs"),
    ),
    *_guard(
        "read replica",
        "RDS User Guide, 'Working with DB instance read replicas'; fact rds_read_replica-readonly-01",
        (_database("rds", "", "fn copy action: write", _REPLICA), "DATABASE_READ_ONLY"),
        _database("rds", "", "fn copy action: read", _REPLICA),
    ),
    *_guard(
        "Aurora reader endpoint",
        "Aurora User Guide, 'Amazon Aurora endpoint connections'",
        (_database("db_cluster", "", "fn readers action: write", _READERS), "DATABASE_READ_ONLY"),
        _database("db_cluster", ", instances: 1", "fn readers action: write", _READERS),
    ),
    *_guard(
        "Aurora global secondary",
        "fact aurora_global_database-readonly-01",
        (design(INSIDE % "" + _SECONDARY, "fn copy action: write"), "DATABASE_READ_ONLY"),
        design(INSIDE % "" + _SECONDARY, "fn db action: write"),
    ),
    *_guard(
        "RDS Proxy secret",
        "RDS User Guide, 'Setting up AWS Identity and Access Management (IAM) policies for RDS Proxy'",
        (_proxied("s3:GetObject"), "IAM_IMPLICIT_DENY"),
        _proxied("secretsmanager:GetSecretValue"),
    ),
    *_guard(
        "EFS security group",
        "EFS User Guide, 'Using VPC security groups'; fact efs-sg-01",
        (_mounted(", access_points: [{name: data}]", "[shut]"), "SG_HAS_NO_RULES"),
        _mounted(", access_points: [{name: data}]"),
    ),
    *_guard(
        "EFS access point",
        "Lambda Developer Guide, 'Configuring file system access for Lambda functions'",
        (_mounted(""), "EFS_ACCESS_POINT_NEEDED"),
        _mounted(", access_points: [{name: data}]"),
    ),
)
ROWS: dict[Area, tuple[str, ...]] = {"store access": tuple(dict.fromkeys(case.row for case in CASES))}
