"""Every reason code a trace may give: our own ones by name, AWS's as a table, each with its meaning."""

from __future__ import annotations

from typing import Final

from archtui.network.codes import OWN_CODES as NETWORK_CODES
from archtui.trace.aws_codes import AWS_CODES, Code

# AWS's codes that traces above the packet layer give.
BAD_STATE: Final = "BAD_STATE"
ELB_NOT_CROSSZONE: Final = "ELB_NOT_CROSSZONE"
ELBV2_LISTENER_HAS_NO_TG: Final = "ELBV2_LISTENER_HAS_NO_TG"
ELBV2_LISTENERS_MISMATCH: Final = "ELBV2_LISTENERS_MISMATCH"
REMAP_EPHEMERAL_PORT: Final = "REMAP_EPHEMERAL_PORT"
TARGET_ADDRESS_RESTRICTION: Final = "TARGET_ADDRESS_RESTRICTION"
UNKNOWN_DESTINATION: Final = "UNKNOWN_DESTINATION"
AVAILABILITY_ZONE_CROSSED: Final = "AVAILABILITY_ZONE_CROSSED"

TRACE_RAISED: Final = (
    BAD_STATE,
    ELB_NOT_CROSSZONE,
    ELBV2_LISTENER_HAS_NO_TG,
    ELBV2_LISTENERS_MISMATCH,
    REMAP_EPHEMERAL_PORT,
    TARGET_ADDRESS_RESTRICTION,
    UNKNOWN_DESTINATION,
    AVAILABILITY_ZONE_CROSSED,
)
"""All of them."""

# Ours, in the same style.
ADDRESS_OVERLAP: Final = "ADDRESS_OVERLAP"
ANSWER_TOO_LATE: Final = "ANSWER_TOO_LATE"
CALL_THROTTLED: Final = "CALL_THROTTLED"
DNS_NAME_NOT_FOUND: Final = "DNS_NAME_NOT_FOUND"
DNS_NO_RECORD_OF_TYPE: Final = "DNS_NO_RECORD_OF_TYPE"
DNS_NAME_OUTSIDE: Final = "DNS_NAME_OUTSIDE"
DNS_CNAME_AT_APEX: Final = "DNS_CNAME_AT_APEX"
DNS_CNAME_LOOP: Final = "DNS_CNAME_LOOP"
DNS_RECORD_EMPTY: Final = "DNS_RECORD_EMPTY"
DNS_RECORD_CONFLICT: Final = "DNS_RECORD_CONFLICT"
DNS_ALIAS_TARGET_UNSUITABLE: Final = "DNS_ALIAS_TARGET_UNSUITABLE"
DNS_FAILOVER_WITHOUT_HEALTH_CHECK: Final = "DNS_FAILOVER_WITHOUT_HEALTH_CHECK"
DNS_FAILOVER_WITHOUT_PRIMARY: Final = "DNS_FAILOVER_WITHOUT_PRIMARY"
DNS_ANSWER_UNHEALTHY: Final = "DNS_ANSWER_UNHEALTHY"
DNS_ALL_UNHEALTHY: Final = "DNS_ALL_UNHEALTHY"
DNS_NO_LOCATION_MATCH: Final = "DNS_NO_LOCATION_MATCH"
DNS_POLICY_UNDECIDED: Final = "DNS_POLICY_UNDECIDED"
DNS_NO_NODES: Final = "DNS_NO_NODES"
DNS_SUPPORT_DISABLED: Final = "DNS_SUPPORT_DISABLED"
ASSUMPTION_IPV6: Final = "ASSUMPTION_IPV6"
IPV6_FALLS_BACK: Final = "IPV6_FALLS_BACK"
WAF_BLOCKED: Final = "WAF_BLOCKED"
WAF_PUZZLE: Final = "WAF_PUZZLE"
WAF_COUNTED: Final = "WAF_COUNTED"
WAF_ASSUMED: Final = "WAF_ASSUMED"
WAF_UNDECIDED: Final = "WAF_UNDECIDED"
CLOUDFRONT_NAME_UNKNOWN: Final = "CLOUDFRONT_NAME_UNKNOWN"
CLOUDFRONT_CERTIFICATE_REGION: Final = "CLOUDFRONT_CERTIFICATE_REGION"
CLOUDFRONT_GEO_RESTRICTED: Final = "CLOUDFRONT_GEO_RESTRICTED"
CLOUDFRONT_PLACE_UNKNOWN: Final = "CLOUDFRONT_PLACE_UNKNOWN"
CLOUDFRONT_REDIRECT: Final = "CLOUDFRONT_REDIRECT"
CLOUDFRONT_HTTPS_ONLY: Final = "CLOUDFRONT_HTTPS_ONLY"
CLOUDFRONT_METHOD_NOT_ALLOWED: Final = "CLOUDFRONT_METHOD_NOT_ALLOWED"
CLOUDFRONT_NOT_SIGNED: Final = "CLOUDFRONT_NOT_SIGNED"
CLOUDFRONT_FUNCTION_ANSWERS: Final = "CLOUDFRONT_FUNCTION_ANSWERS"
CLOUDFRONT_FUNCTION_FAILED: Final = "CLOUDFRONT_FUNCTION_FAILED"
CLOUDFRONT_ORIGIN_UNKNOWN: Final = "CLOUDFRONT_ORIGIN_UNKNOWN"
CLOUDFRONT_ORIGIN_FAILOVER: Final = "CLOUDFRONT_ORIGIN_FAILOVER"
CLOUDFRONT_ERROR_PAGE: Final = "CLOUDFRONT_ERROR_PAGE"
CLOUDFRONT_STALE: Final = "CLOUDFRONT_STALE"
CLOUDFRONT_OAC_UNSTATED: Final = "CLOUDFRONT_OAC_UNSTATED"
DNS_NOT_DELEGATED: Final = "DNS_NOT_DELEGATED"
DNS_SEC_BROKEN: Final = "DNS_SEC_BROKEN"
WAF_UNSUPPORTED: Final = "WAF_UNSUPPORTED"
CLOUDFRONT_OAI_KMS: Final = "CLOUDFRONT_OAI_KMS"
CLOUDFRONT_ORIGIN_TIMEOUT: Final = "CLOUDFRONT_ORIGIN_TIMEOUT"
CLOUDFRONT_SIGNATURE_ASSUMED: Final = "CLOUDFRONT_SIGNATURE_ASSUMED"
CLOUDFRONT_VPC_ORIGIN: Final = "CLOUDFRONT_VPC_ORIGIN"
DNS_STALE_ANSWER: Final = "DNS_STALE_ANSWER"
DNS_CACHED: Final = "DNS_CACHED"
DNS_CACHED_NEGATIVE: Final = "DNS_CACHED_NEGATIVE"
DNS_FORWARD_UNANSWERED: Final = "DNS_FORWARD_UNANSWERED"
DNS_RESOLVER_ENDPOINT_UNUSABLE: Final = "DNS_RESOLVER_ENDPOINT_UNUSABLE"
TLS_NO_CERTIFICATE: Final = "TLS_NO_CERTIFICATE"
TLS_NAME_MISMATCH: Final = "TLS_NAME_MISMATCH"
TLS_CERTIFICATE_INVALID: Final = "TLS_CERTIFICATE_INVALID"
ELBV2_PROTOCOL_MISMATCH: Final = "ELBV2_PROTOCOL_MISMATCH"
ELBV2_LISTENER_WITHOUT_ACTION: Final = "ELBV2_LISTENER_WITHOUT_ACTION"
ELBV2_FIXED_RESPONSE: Final = "ELBV2_FIXED_RESPONSE"
ELBV2_REDIRECT: Final = "ELBV2_REDIRECT"
ELBV2_FAIL_OPEN: Final = "ELBV2_FAIL_OPEN"
ELBV2_SINGLE_ZONE: Final = "ELBV2_SINGLE_ZONE"
ELBV2_AUTHENTICATE_NEEDS_HTTPS: Final = "ELBV2_AUTHENTICATE_NEEDS_HTTPS"
ELBV2_BAD_REQUEST: Final = "ELBV2_BAD_REQUEST"
ELBV2_BODY_TOO_LARGE: Final = "ELBV2_BODY_TOO_LARGE"
ELBV2_CLIENT_CLOSED: Final = "ELBV2_CLIENT_CLOSED"
ELBV2_DESYNC: Final = "ELBV2_DESYNC"
ELBV2_GROUP_NOT_STICKY: Final = "ELBV2_GROUP_NOT_STICKY"
ELBV2_HEADER_TOO_LARGE: Final = "ELBV2_HEADER_TOO_LARGE"
ELBV2_HTTP_VERSION: Final = "ELBV2_HTTP_VERSION"
ELBV2_IDLE_TIMEOUT: Final = "ELBV2_IDLE_TIMEOUT"
ELBV2_IDP_ERROR: Final = "ELBV2_IDP_ERROR"
ELBV2_KEEP_ALIVE_SHORTER: Final = "ELBV2_KEEP_ALIVE_SHORTER"
ELBV2_METHOD_NOT_ALLOWED: Final = "ELBV2_METHOD_NOT_ALLOWED"
ELBV2_PROTOCOL_VERSION: Final = "ELBV2_PROTOCOL_VERSION"
ELBV2_REQUEST_TIMEOUT: Final = "ELBV2_REQUEST_TIMEOUT"
ELBV2_SIGN_IN: Final = "ELBV2_SIGN_IN"
ELBV2_TOO_MANY_FORWARDED: Final = "ELBV2_TOO_MANY_FORWARDED"
ELBV2_TRANSFER_ENCODING: Final = "ELBV2_TRANSFER_ENCODING"
ELBV2_UNAUTHENTICATED: Final = "ELBV2_UNAUTHENTICATED"
ELBV2_URI_TOO_LONG: Final = "ELBV2_URI_TOO_LONG"
ELBV2_WAF_UNAVAILABLE: Final = "ELBV2_WAF_UNAVAILABLE"
ELB_IDLE_TIMEOUT: Final = "ELB_IDLE_TIMEOUT"
NLB_ALPN_MISMATCH: Final = "NLB_ALPN_MISMATCH"
NLB_IDLE_TIMEOUT: Final = "NLB_IDLE_TIMEOUT"
TLS_CLIENT_CERTIFICATE: Final = "TLS_CLIENT_CERTIFICATE"
HTTP_MALFORMED: Final = "HTTP_MALFORMED"
TARGET_UNHEALTHY: Final = "TARGET_UNHEALTHY"
TARGET_HEALTH_CHECK_FAILED: Final = "TARGET_HEALTH_CHECK_FAILED"
TARGET_HEALTH_CHECK_BLOCKED: Final = "TARGET_HEALTH_CHECK_BLOCKED"
TARGET_HEALTH_UNKNOWN: Final = "TARGET_HEALTH_UNKNOWN"
CALL_TIMEOUT: Final = "CALL_TIMEOUT"
CONNECTION_REFUSED: Final = "CONNECTION_REFUSED"
HTTP_ERROR_STATUS: Final = "HTTP_ERROR_STATUS"
LINK_DOWN: Final = "LINK_DOWN"
LINK_WITHOUT_PORT: Final = "LINK_WITHOUT_PORT"
REQUEST_LOOP: Final = "REQUEST_LOOP"
REDIRECT_LOOP: Final = "REDIRECT_LOOP"
ASSUMPTION_LISTENS: Final = "ASSUMPTION_LISTENS"
RDS_STANDBY_PROMOTED: Final = "RDS_STANDBY_PROMOTED"
RDS_PRIMARY_LOST: Final = "RDS_PRIMARY_LOST"
IAM_EXPLICIT_DENY: Final = "IAM_EXPLICIT_DENY"
IAM_IMPLICIT_DENY: Final = "IAM_IMPLICIT_DENY"
IAM_BOUNDARY_DENY: Final = "IAM_BOUNDARY_DENY"
IAM_SCP_DENY: Final = "IAM_SCP_DENY"
IAM_ROLE_NOT_TRUSTED: Final = "IAM_ROLE_NOT_TRUSTED"
IAM_ANONYMOUS_DENY: Final = "IAM_ANONYMOUS_DENY"
IAM_POLICY_UNDECIDED: Final = "IAM_POLICY_UNDECIDED"
ENDPOINT_POLICY_DENY: Final = "ENDPOINT_POLICY_DENY"
KMS_ACCESS_DENIED: Final = "KMS_ACCESS_DENIED"
KMS_KEY_UNUSABLE: Final = "KMS_KEY_UNUSABLE"
KMS_TEXT_TOO_LONG: Final = "KMS_TEXT_TOO_LONG"
LAMBDA_THROTTLED: Final = "LAMBDA_THROTTLED"
LAMBDA_TIMEOUT: Final = "LAMBDA_TIMEOUT"
APIGW_KIND_UNFIT: Final = "APIGW_KIND_UNFIT"
APIGW_PRIVATE: Final = "APIGW_PRIVATE"
APIGW_NOT_PRIVATE: Final = "APIGW_NOT_PRIVATE"
APIGW_WITHOUT_POLICY: Final = "APIGW_WITHOUT_POLICY"
APIGW_UNKNOWN_HOST: Final = "APIGW_UNKNOWN_HOST"
APIGW_NO_STAGE: Final = "APIGW_NO_STAGE"
APIGW_NO_ROUTE: Final = "APIGW_NO_ROUTE"
APIGW_UNAUTHORIZED: Final = "APIGW_UNAUTHORIZED"
APIGW_ACCESS_DENIED: Final = "APIGW_ACCESS_DENIED"
APIGW_AUTHORIZER_ERROR: Final = "APIGW_AUTHORIZER_ERROR"
APIGW_INVALID_API_KEY: Final = "APIGW_INVALID_API_KEY"
APIGW_BAD_REQUEST: Final = "APIGW_BAD_REQUEST"
APIGW_REQUEST_TOO_LARGE: Final = "APIGW_REQUEST_TOO_LARGE"
APIGW_THROTTLED: Final = "APIGW_THROTTLED"
APIGW_SCOPE_MISSING: Final = "APIGW_SCOPE_MISSING"
APIGW_UNSUPPORTED_MEDIA_TYPE: Final = "APIGW_UNSUPPORTED_MEDIA_TYPE"
APIGW_CACHE_INVALIDATION: Final = "APIGW_CACHE_INVALIDATION"
APIGW_CONNECTION_IDLE: Final = "APIGW_CONNECTION_IDLE"
APIGW_CONNECTION_ENDS: Final = "APIGW_CONNECTION_ENDS"
APIGW_INTEGRATION_TIMEOUT: Final = "APIGW_INTEGRATION_TIMEOUT"
APIGW_NO_INTEGRATION: Final = "APIGW_NO_INTEGRATION"
COGNITO_NO_CLIENT: Final = "COGNITO_NO_CLIENT"
COGNITO_NO_PROVIDER: Final = "COGNITO_NO_PROVIDER"
COGNITO_NO_ROLE: Final = "COGNITO_NO_ROLE"
COGNITO_TRIGGER_TIMEOUT: Final = "COGNITO_TRIGGER_TIMEOUT"
EVENTS_NO_RULE_MATCHES: Final = "EVENTS_NO_RULE_MATCHES"
EVENTS_CONTENT_UNKNOWN: Final = "EVENTS_CONTENT_UNKNOWN"
EVENTS_CROSS_ACCOUNT_DENIED: Final = "EVENTS_CROSS_ACCOUNT_DENIED"
STATES_TASK_FAILED: Final = "STATES_TASK_FAILED"
STATES_CHOICE_UNDECIDED: Final = "STATES_CHOICE_UNDECIDED"
STATES_TIMEOUT: Final = "STATES_TIMEOUT"
STATES_SYNC_STANDARD: Final = "STATES_SYNC_STANDARD"
EVENT_TARGET_REFUSED: Final = "EVENT_TARGET_REFUSED"
LAMBDA_ACCESS_DENIED: Final = "LAMBDA_ACCESS_DENIED"
LAMBDA_FUNCTION_ERROR: Final = "LAMBDA_FUNCTION_ERROR"
LAMBDA_MALFORMED_RESPONSE: Final = "LAMBDA_MALFORMED_RESPONSE"
LAMBDA_PAYLOAD_TOO_LARGE: Final = "LAMBDA_PAYLOAD_TOO_LARGE"
LAMBDA_FILTERED_OUT: Final = "LAMBDA_FILTERED_OUT"
LAMBDA_FILTER_UNDECIDED: Final = "LAMBDA_FILTER_UNDECIDED"
SQS_NO_CONSUMER: Final = "SQS_NO_CONSUMER"
DATABASE_READ_ONLY: Final = "DATABASE_READ_ONLY"
DATABASE_REPLICA_BEHIND: Final = "DATABASE_REPLICA_BEHIND"
DYNAMODB_GSI_CONSISTENT_READ: Final = "DYNAMODB_GSI_CONSISTENT_READ"
DYNAMODB_ITEM_TOO_LARGE: Final = "DYNAMODB_ITEM_TOO_LARGE"
DYNAMODB_NO_INDEX: Final = "DYNAMODB_NO_INDEX"
DYNAMODB_NO_STREAM: Final = "DYNAMODB_NO_STREAM"
DYNAMODB_REPLICA_BEHIND: Final = "DYNAMODB_REPLICA_BEHIND"
DYNAMODB_THROTTLED: Final = "DYNAMODB_THROTTLED"
KINESIS_READ_THROTTLED: Final = "KINESIS_READ_THROTTLED"
KINESIS_WRITE_THROTTLED: Final = "KINESIS_WRITE_THROTTLED"
CANNOT_PULL_CONTAINER: Final = "CANNOT_PULL_CONTAINER"
EKS_PUBLIC_ACCESS_RESTRICTED: Final = "EKS_PUBLIC_ACCESS_RESTRICTED"
K8S_CLUSTER_ONLY: Final = "K8S_CLUSTER_ONLY"
K8S_NO_ENDPOINTS: Final = "K8S_NO_ENDPOINTS"
K8S_NO_PORT: Final = "K8S_NO_PORT"
NO_BALANCER_MADE: Final = "NO_BALANCER_MADE"
EFS_ACCESS_POINT_NEEDED: Final = "EFS_ACCESS_POINT_NEEDED"
NODE_LOST: Final = "NODE_LOST"
NODE_PROMOTED: Final = "NODE_PROMOTED"
S3_ACCESS_POINT_VPC: Final = "S3_ACCESS_POINT_VPC"
S3_MISSING_DENIED: Final = "S3_MISSING_DENIED"
S3_NO_SUCH_KEY: Final = "S3_NO_SUCH_KEY"
S3_NO_WEBSITE: Final = "S3_NO_WEBSITE"
S3_OBJECT_ARCHIVED: Final = "S3_OBJECT_ARCHIVED"
S3_REPLICATION_WITHOUT_VERSIONING: Final = "S3_REPLICATION_WITHOUT_VERSIONING"
S3_WEBSITE_HTTP_ONLY: Final = "S3_WEBSITE_HTTP_ONLY"
SQS_MESSAGE_TOO_LARGE: Final = "SQS_MESSAGE_TOO_LARGE"
SQS_THROTTLED: Final = "SQS_THROTTLED"
SNS_FILTERED_OUT: Final = "SNS_FILTERED_OUT"
SNS_FILTER_UNDECIDED: Final = "SNS_FILTER_UNDECIDED"
SNS_FIFO_SUBSCRIBER: Final = "SNS_FIFO_SUBSCRIBER"
SNS_MESSAGE_TOO_LARGE: Final = "SNS_MESSAGE_TOO_LARGE"
SNS_NO_SUBSCRIPTION: Final = "SNS_NO_SUBSCRIPTION"
STREAM_NO_CONSUMER: Final = "STREAM_NO_CONSUMER"


def _own(code: str, meaning: str, warns: bool = False) -> Code:
    return Code(code, "archtui", meaning, warns)


OWN_CODES: tuple[Code, ...] = (
    *(_own(code, meaning) for code, meaning in NETWORK_CODES.items()),
    _own(ADDRESS_OVERLAP, "The destination's address is also in a block of the sender's VPC, where it stays local."),
    _own(ANSWER_TOO_LATE, "The caller gives up: the answer would come after its timeout."),
    _own(CALL_THROTTLED, "AWS throttles the call: the rate or the quota of the account is used up."),
    _own(DNS_NAME_NOT_FOUND, "The hosted zone has no record of this name (NXDOMAIN)."),
    _own(DNS_NO_RECORD_OF_TYPE, "The name exists, but not with the record type that was asked for."),
    _own(DNS_NAME_OUTSIDE, "No hosted zone of the design holds the name, so who answers for it is not known."),
    _own(
        DNS_CNAME_AT_APEX, "A CNAME cannot stand at a zone's apex: Route 53 refuses it, so the name does not resolve."
    ),
    _own(DNS_CNAME_LOOP, "The chain of names comes back to where it began."),
    _own(DNS_RECORD_EMPTY, "The record has neither values nor an alias, so it answers nothing."),
    _own(DNS_RECORD_CONFLICT, "Records of one name that cannot stand side by side: Route 53 keeps only one."),
    _own(DNS_ALIAS_TARGET_UNSUITABLE, "An alias can point only at AWS resources with a name of their own."),
    _own(
        DNS_FAILOVER_WITHOUT_HEALTH_CHECK,
        "The primary record has no health check, so the secondary is never answered.",
        warns=True,
    ),
    _own(DNS_FAILOVER_WITHOUT_PRIMARY, "A failover record set has no primary record.", warns=True),
    _own(DNS_ANSWER_UNHEALTHY, "The record is left out of the answer because it is unhealthy.", warns=True),
    _own(
        DNS_ALL_UNHEALTHY,
        "Every record is unhealthy, so Route 53 answers as if all of them were healthy.",
        warns=True,
    ),
    _own(DNS_NO_LOCATION_MATCH, "No geolocation record matches the client's place and there is no default record."),
    _own(DNS_POLICY_UNDECIDED, "Which record the routing policy chooses cannot be decided from what is given."),
    _own(DNS_NO_NODES, "The load balancer's name has no address: no zone of it works."),
    _own(ASSUMPTION_IPV6, "The sender is taken to have IPv6 and to use it before IPv4 where the other side has both."),
    _own(IPV6_FALLS_BACK, "IPv6 does not get through, so the sender goes on over IPv4.", warns=True),
    _own(DNS_SUPPORT_DISABLED, "DNS support is off in the VPC, so its resolver does not answer."),
    _own(WAF_BLOCKED, "A web ACL blocks the request."),
    _own(WAF_PUZZLE, "A web ACL asks for a CAPTCHA or challenge token that the client does not have."),
    _own(WAF_COUNTED, "A rule of a web ACL counts the request without stopping it."),
    _own(WAF_ASSUMED, "What a managed group, an attack search or a rate matches is taken from the design."),
    _own(WAF_UNDECIDED, "Whether a rule of a web ACL matches the request cannot be decided from what is given."),
    _own(CLOUDFRONT_NAME_UNKNOWN, "The host name is not among the distribution's alternate domain names (403)."),
    _own(CLOUDFRONT_CERTIFICATE_REGION, "CloudFront uses certificates of us-east-1 alone."),
    _own(CLOUDFRONT_GEO_RESTRICTED, "The distribution's geographic restriction refuses the viewer's country (403)."),
    _own(CLOUDFRONT_PLACE_UNKNOWN, "The viewer's country decides and is not known."),
    _own(CLOUDFRONT_REDIRECT, "The behaviour sends viewers who come by HTTP to HTTPS."),
    _own(CLOUDFRONT_HTTPS_ONLY, "The behaviour takes HTTPS alone (403)."),
    _own(CLOUDFRONT_METHOD_NOT_ALLOWED, "The behaviour does not allow the method (403)."),
    _own(CLOUDFRONT_NOT_SIGNED, "The behaviour wants a signed URL or signed cookies (403)."),
    _own(CLOUDFRONT_FUNCTION_ANSWERS, "A function at the edge answers the request by itself."),
    _own(CLOUDFRONT_FUNCTION_FAILED, "A function at the edge fails, and the request with it."),
    _own(CLOUDFRONT_ORIGIN_UNKNOWN, "The behaviour names an origin that the distribution does not have."),
    _own(
        CLOUDFRONT_ORIGIN_FAILOVER,
        "The primary origin of the group fails, so CloudFront asks the secondary.",
        warns=True,
    ),
    _own(CLOUDFRONT_ERROR_PAGE, "The origin answers an error and CloudFront serves its custom error page."),
    _own(
        CLOUDFRONT_STALE,
        "The object has expired; CloudFront serves it on while the origin does not answer.",
        warns=True,
    ),
    _own(
        CLOUDFRONT_OAC_UNSTATED,
        "The bucket's policy is not stated, so it is taken to let the distribution read.",
        warns=True,
    ),
    _own(DNS_NOT_DELEGATED, "The parent zone has no NS record that leads to the zone, so nobody asks it."),
    _own(WAF_UNSUPPORTED, "The web ACL cannot stand in front of this, so requests pass it by.", warns=True),
    _own(CLOUDFRONT_OAI_KMS, "An origin access identity cannot read objects that a KMS key encrypts."),
    _own(CLOUDFRONT_ORIGIN_TIMEOUT, "The origin takes longer than CloudFront waits for its answer (504)."),
    _own(CLOUDFRONT_SIGNATURE_ASSUMED, "A signature is taken to be a good one that has not expired."),
    _own(CLOUDFRONT_VPC_ORIGIN, "The origin cannot be asked from inside its VPC."),
    _own(DNS_STALE_ANSWER, "The answer is as before the failure: it is not noticed yet, or still cached.", warns=True),
    _own(DNS_CACHED, "The resolver answers from its cache until the answer's TTL has passed.", warns=True),
    _own(DNS_CACHED_NEGATIVE, "The resolver remembers that the name is missing, until the negative TTL has passed."),
    _own(DNS_FORWARD_UNANSWERED, "The name servers that a rule forwards to do not know the name."),
    _own(DNS_RESOLVER_ENDPOINT_UNUSABLE, "The rule's resolver endpoint cannot forward the question."),
    _own(DNS_SEC_BROKEN, "The chain of DNSSEC signatures is broken, so validating resolvers answer SERVFAIL."),
    _own(TLS_NO_CERTIFICATE, "The listener speaks TLS but has no certificate."),
    _own(TLS_NAME_MISMATCH, "No certificate of the listener covers the host name; clients refuse the connection."),
    _own(TLS_CERTIFICATE_INVALID, "The certificate is not valid: expired, revoked, or not issued yet."),
    _own(ELBV2_PROTOCOL_MISMATCH, "The client speaks plain HTTP to a TLS listener, or the other way round."),
    _own(ELBV2_LISTENER_WITHOUT_ACTION, "The listener has no default action."),
    _own(ELBV2_FIXED_RESPONSE, "A listener rule answers by itself, without asking a target."),
    _own(ELBV2_REDIRECT, "A listener rule sends the client to another URL."),
    _own(
        ELBV2_FAIL_OPEN,
        "No target of the group is healthy, so the balancer sends requests to all of them (fail-open).",
        warns=True,
    ),
    _own(ELBV2_SINGLE_ZONE, "All nodes of the balancer stand in one availability zone.", warns=True),
    _own(ELBV2_AUTHENTICATE_NEEDS_HTTPS, "An authenticate action is taken on HTTPS listeners alone."),
    _own(ELBV2_BAD_REQUEST, "The request asks of the targets what they cannot do (400)."),
    _own(ELBV2_BODY_TOO_LARGE, "The request's body is larger than the balancer passes to a function, 1 MB (413)."),
    _own(ELBV2_CLIENT_CLOSED, "The client closes the connection before the answer comes (460)."),
    _own(ELBV2_DESYNC, "Servers could read the request differently, and the mitigation mode refuses it (400)."),
    _own(
        ELBV2_GROUP_NOT_STICKY,
        "Targets are sticky but their weighted groups are not, so that clients change targets.",
        warns=True,
    ),
    _own(ELBV2_HEADER_TOO_LARGE, "A header of the request, or all of them together, are too large (400)."),
    _own(ELBV2_HTTP_VERSION, "The request comes in a version of HTTP that the listener does not speak (505)."),
    _own(ELBV2_IDLE_TIMEOUT, "The target takes longer than the balancer's idle timeout (504)."),
    _own(ELBV2_IDP_ERROR, "The identity provider sends the user back with an error (561)."),
    _own(
        ELBV2_KEEP_ALIVE_SHORTER,
        "The target closes idle connections before the balancer does: now and then 502.",
        warns=True,
    ),
    _own(ELBV2_METHOD_NOT_ALLOWED, "The method is TRACE, which the balancer does not take (405)."),
    _own(ELBV2_PROTOCOL_VERSION, "The request does not fit the protocol version of the target group (464)."),
    _own(ELBV2_REQUEST_TIMEOUT, "The client is silent for longer than the balancer's idle timeout (408)."),
    _own(ELBV2_SIGN_IN, "The balancer sends the client to sign in, or back from there (302)."),
    _own(ELBV2_TOO_MANY_FORWARDED, "The X-Forwarded-For header has more than 30 addresses (463)."),
    _own(ELBV2_TRANSFER_ENCODING, "The Transfer-Encoding is one that the balancer does not know (501)."),
    _own(ELBV2_UNAUTHENTICATED, "The user has not signed in, or the identity provider has refused it (401)."),
    _own(ELBV2_URI_TOO_LONG, "The URL of the request is too long (414)."),
    _own(
        ELBV2_WAF_UNAVAILABLE,
        "AWS WAF cannot be asked: requests get 500, or pass where the balancer fails open.",
        warns=True,
    ),
    _own(ELB_IDLE_TIMEOUT, "The instance takes longer than the Classic Load Balancer's idle timeout."),
    _own(NLB_ALPN_MISMATCH, "The client speaks no version of HTTP that the listener offers by ALPN."),
    _own(NLB_IDLE_TIMEOUT, "The connection is silent for longer than the balancer keeps it."),
    _own(TLS_CLIENT_CERTIFICATE, "The listener asks for a client certificate, and none that it trusts is shown."),
    _own(HTTP_MALFORMED, "The application's answer is no valid HTTP."),
    _own(TARGET_UNHEALTHY, "The target is unhealthy and gets no requests.", warns=True),
    _own(
        TARGET_HEALTH_CHECK_FAILED,
        "The target answers the health check, but not with a status that counts as healthy.",
        warns=True,
    ),
    _own(TARGET_HEALTH_CHECK_BLOCKED, "The health check does not get through to the target.", warns=True),
    _own(TARGET_HEALTH_UNKNOWN, "Whether the target is healthy cannot be decided."),
    _own(CALL_TIMEOUT, "The caller gives up before the answer comes: its timeout is shorter."),
    _own(CONNECTION_REFUSED, "Nothing listens on the port, so the connection is refused."),
    _own(HTTP_ERROR_STATUS, "The application answers the request with an error status."),
    _own(LINK_DOWN, "The link between the two components is broken."),
    _own(LINK_WITHOUT_PORT, "The link names no port and its target has none of its own."),
    _own(REQUEST_LOOP, "The request goes round in a circle."),
    _own(REDIRECT_LOOP, "The client is redirected too many times."),
    _own(ASSUMPTION_LISTENS, "It is not stated what listens here: the connection is taken to be answered."),
    _own(RDS_STANDBY_PROMOTED, "The standby has become the primary; the endpoint's name gives its address."),
    _own(RDS_PRIMARY_LOST, "The primary is lost and nothing has taken over yet."),
    _own(IAM_EXPLICIT_DENY, "A statement of a policy denies the call; no statement that allows it counts (403)."),
    _own(IAM_IMPLICIT_DENY, "No statement allows the call, and what is not allowed is denied (403)."),
    _own(IAM_BOUNDARY_DENY, "The permissions boundary of the caller's role does not allow the call (403)."),
    _own(IAM_SCP_DENY, "A service control policy above the caller's account does not allow the call (403)."),
    _own(IAM_ROLE_NOT_TRUSTED, "The role's trust policy does not let this service assume it."),
    _own(IAM_ANONYMOUS_DENY, "The request is signed by nobody, and nothing opens the resource to strangers (403)."),
    _own(IAM_POLICY_UNDECIDED, "Whether the policies allow the call depends on what the design does not say."),
    _own(ENDPOINT_POLICY_DENY, "The policy of the VPC endpoint in the way does not allow the call (403)."),
    _own(KMS_ACCESS_DENIED, "The caller may not use the key that encrypts what it asks for."),
    _own(KMS_KEY_UNUSABLE, "The key that encrypts what is asked for is disabled or about to be deleted."),
    _own(KMS_TEXT_TOO_LONG, "A key itself encrypts 4 KB at most; more needs a data key."),
    _own(LAMBDA_THROTTLED, "The function has no concurrency left, so Lambda throttles the call (429)."),
    _own(LAMBDA_TIMEOUT, "The function takes longer than its timeout and is stopped."),
    _own(
        APIGW_KIND_UNFIT, "This kind of API (REST, HTTP, WebSocket) cannot have the setting, so AWS does not make it."
    ),
    _own(APIGW_PRIVATE, "The API is private and the request did not come by an interface endpoint."),
    _own(APIGW_NOT_PRIVATE, "The request comes by an endpoint's private DNS to an API that is not private."),
    _own(APIGW_WITHOUT_POLICY, "A private API without a resource policy answers nobody."),
    _own(APIGW_UNKNOWN_HOST, "The API does not answer under this host name."),
    _own(APIGW_NO_STAGE, "The API has no deployed stage of this name."),
    _own(APIGW_NO_ROUTE, "No route of the API takes the method and path."),
    _own(APIGW_UNAUTHORIZED, "The request carries no token or signature where the authorizer wants one."),
    _own(APIGW_ACCESS_DENIED, "The authorizer denies the caller."),
    _own(APIGW_AUTHORIZER_ERROR, "The route's authorizer does not exist."),
    _own(APIGW_INVALID_API_KEY, "The request carries no API key of a usage plan of this stage."),
    _own(APIGW_BAD_REQUEST, "The request lacks a header or parameter that request validation wants."),
    _own(APIGW_REQUEST_TOO_LARGE, "The request is larger than the 10 MB (WebSocket: 128 KB) that API Gateway takes."),
    _own(APIGW_SCOPE_MISSING, "The caller's token has none of the scopes that the route wants."),
    _own(APIGW_UNSUPPORTED_MEDIA_TYPE, "The route has no mapping template for the body's content type (415)."),
    _own(APIGW_CACHE_INVALIDATION, "The caller may not invalidate the stage's cache (403)."),
    _own(APIGW_CONNECTION_IDLE, "The connection was silent for more than 10 minutes, and API Gateway has closed it."),
    _own(APIGW_CONNECTION_ENDS, "API Gateway closes a connection after 2 hours at the latest.", warns=True),
    _own(APIGW_THROTTLED, "The requests exceed a limit of the API, so API Gateway throttles them (429)."),
    _own(APIGW_INTEGRATION_TIMEOUT, "What answers the route takes longer than API Gateway waits (504)."),
    _own(APIGW_NO_INTEGRATION, "The route leads to nothing that could answer."),
    _own(COGNITO_NO_CLIENT, "The user pool has no app client."),
    _own(COGNITO_NO_PROVIDER, "The identity pool takes the tokens of no user pool."),
    _own(COGNITO_TRIGGER_TIMEOUT, "A trigger of the user pool takes longer than the 5 s that Cognito waits."),
    _own(COGNITO_NO_ROLE, "The identity pool has no role for the caller."),
    _own(EVENTS_NO_RULE_MATCHES, "No rule of the event bus matches the event, so it is dropped.", warns=True),
    _own(EVENTS_CONTENT_UNKNOWN, "It is not stated what the event says, so whether a rule matches cannot be decided."),
    _own(EVENTS_CROSS_ACCOUNT_DENIED, "The event bus does not take events of this account."),
    _own(STATES_TASK_FAILED, "A state fails and nothing catches the error."),
    _own(STATES_CHOICE_UNDECIDED, "It is not stated what the conditions of a Choice look at."),
    _own(STATES_TIMEOUT, "The workflow runs longer than its type or its timeout allows."),
    _own(STATES_SYNC_STANDARD, "Only an Express workflow can be started synchronously."),
    _own(
        EVENT_TARGET_REFUSED, "AWS sets up no delivery to this target: its region or its type does not fit the sender."
    ),
    _own(LAMBDA_ACCESS_DENIED, "The function URL wants a signed request (AWS_IAM) and the request is not signed."),
    _own(LAMBDA_FUNCTION_ERROR, "The function's code ends with an error."),
    _own(LAMBDA_MALFORMED_RESPONSE, "The function answers in a form that the caller cannot make an HTTP response of."),
    _own(LAMBDA_PAYLOAD_TOO_LARGE, "The request is larger than the 6 MB that a synchronous call may carry."),
    _own(LAMBDA_FILTERED_OUT, "The record matches no filter of the mapping, so the function is not called."),
    _own(LAMBDA_FILTER_UNDECIDED, "Whether records match the filters of the mapping is not stated."),
    _own(SQS_NO_CONSUMER, "Nobody takes messages from the queue.", warns=True),
    _own(DATABASE_READ_ONLY, "A read replica, a reader or a secondary cluster takes no writes."),
    _own(DATABASE_REPLICA_BEHIND, "A replica is lost and gets the change when it is back.", warns=True),
    _own(DYNAMODB_GSI_CONSISTENT_READ, "A global secondary index cannot be read strongly consistently."),
    _own(DYNAMODB_ITEM_TOO_LARGE, "The item is over the 400 KB that a table takes."),
    _own(DYNAMODB_NO_INDEX, "The table has no index of this name."),
    _own(DYNAMODB_NO_STREAM, "The table has no stream."),
    _own(DYNAMODB_REPLICA_BEHIND, "A replica of the global table is lost and gets the change later.", warns=True),
    _own(DYNAMODB_THROTTLED, "The load is over the table's capacity: ProvisionedThroughputExceededException."),
    _own(KINESIS_READ_THROTTLED, "The consumers that share a shard want more than it gives.", warns=True),
    _own(KINESIS_WRITE_THROTTLED, "The records are over what the shards take: ProvisionedThroughputExceededException."),
    _own(CANNOT_PULL_CONTAINER, "The image cannot be pulled, so the container does not start."),
    _own(EKS_PUBLIC_ACCESS_RESTRICTED, "The address is in none of the blocks that may come to the cluster's endpoint."),
    _own(K8S_CLUSTER_ONLY, "The Service has a name and an address inside its cluster alone."),
    _own(K8S_NO_ENDPOINTS, "The Service has no ready pod to send to."),
    _own(K8S_NO_PORT, "The Service has no such port."),
    _own(NO_BALANCER_MADE, "Nothing has made the balancer that the request would come to."),
    _own(EFS_ACCESS_POINT_NEEDED, "A function mounts a file system by an access point alone."),
    _own(NODE_LOST, "The node is lost with its zone and nothing has taken over."),
    _own(NODE_PROMOTED, "Another node of the cluster has taken over; the endpoint's name gives its address."),
    _own(S3_ACCESS_POINT_VPC, "The access point takes requests from its VPC alone."),
    _own(S3_MISSING_DENIED, "The object is missing, and who may not list the bucket gets 403."),
    _own(S3_NO_SUCH_KEY, "The bucket has no object of this name (404)."),
    _own(S3_NO_WEBSITE, "The bucket has no website configuration."),
    _own(S3_OBJECT_ARCHIVED, "The object is archived and has to be restored before it can be read (403)."),
    _own(S3_REPLICATION_WITHOUT_VERSIONING, "Replication needs versioning on both buckets."),
    _own(S3_WEBSITE_HTTP_ONLY, "The website endpoint of a bucket speaks plain HTTP alone."),
    _own(SQS_MESSAGE_TOO_LARGE, "The message is larger than the queue takes."),
    _own(SQS_THROTTLED, "More is sent to the FIFO queue than it takes in a second."),
    _own(SNS_FILTERED_OUT, "The filter policy of the subscription does not match, so nothing is delivered."),
    _own(SNS_FILTER_UNDECIDED, "Whether the filter policy matches cannot be decided from what is stated."),
    _own(SNS_FIFO_SUBSCRIBER, "A FIFO topic delivers to SQS queues alone."),
    _own(SNS_MESSAGE_TOO_LARGE, "The message is larger than the topic takes."),
    _own(SNS_NO_SUBSCRIPTION, "The topic has no subscription, so the message is lost.", warns=True),
    _own(STREAM_NO_CONSUMER, "Nothing of the stream's consumer works that could take the records.", warns=True),
)

CODES: dict[str, Code] = {code.id: code for code in (*AWS_CODES, *OWN_CODES)}


def warns(code: str) -> bool:
    """Whether ``code`` tells of something that is not as it should be although the request passes."""
    known = CODES.get(code)
    return known is not None and known.warns
