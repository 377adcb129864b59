"""Functions, APIs, buses, workflows and user pools read from what the AWS command line says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from archtui.formats.aws.importer import import_aws
from archtui.formats.blueprint_file import from_data
from archtui.model.component import Json
from archtui.services import registry
from archtui.services.arns import named
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world

_ARN = "arn:aws:lambda:eu-west-1:111111111111:function:worker"
FUNCTION: dict[str, Json] = {
    "FunctionName": "worker",
    "FunctionArn": _ARN,
    "Runtime": "python3.12",
    "MemorySize": 512,
    "Timeout": 20,
    "EphemeralStorage": {"Size": 1024},
    "PackageType": "Zip",
    "Role": "arn:aws:iam::111111111111:role/service-role/runs",
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:111111111111:dead"},
    "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:111111111111:layer:numbers:3", "CodeSize": 100}],
}
MAPPING: dict[str, Json] = {
    "UUID": "0",
    "EventSourceArn": "arn:aws:dynamodb:eu-west-1:111111111111:table/orders/stream/2026",
    "FunctionArn": f"{_ARN}:live",
    "BatchSize": 50,
    "State": "Disabled",
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "MaximumRetryAttempts": 3,
    "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]},
    "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:111111111111:lost"}},
}


def read(*documents: Mapping[str, Json]) -> tuple[dict[str, dict[str, Json]], list[str]]:
    """Return the components of the documents, and what could not be used."""
    text = "\n".join(json.dumps(document) for document in documents)
    found = import_aws(Path("given.json"), registry(), text.encode())
    components = found.data["components"]
    assert isinstance(components, dict)
    from_data(found.data, registry())
    return components, [f"{each.id}: {each.why}" for each in found.unsupported]  # type: ignore[return-value]


def test_a_function_with_all_that_belongs_to_it() -> None:
    found, _ = read(
        {"Configuration": FUNCTION, "Code": {}, "Concurrency": {"ReservedConcurrentExecutions": 7}},
        {"EventSourceMappings": [MAPPING]},
        {
            "Aliases": [
                {
                    "AliasArn": f"{_ARN}:live",
                    "Name": "live",
                    "FunctionVersion": "3",
                    "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}},
                }
            ]
        },
        {"FunctionUrlConfigs": [{"FunctionArn": _ARN, "AuthType": "NONE", "FunctionUrl": "https://x"}]},
        {
            "FunctionEventInvokeConfigs": [
                {
                    "FunctionArn": f"{_ARN}:$LATEST",
                    "MaximumRetryAttempts": 1,
                    "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:eu-west-1:1:told"}},
                }
            ]
        },
    )
    worker = found["worker"]
    assert (worker["memory"], worker["timeout"], worker["ephemeral_storage"]) == (512, 20, 1024)
    assert (worker["role"], worker["dead_letter"], worker["on_failure"]) == ("runs", "dead", "told")
    assert (worker["reserved_concurrency"], worker["retries"], worker["url"]) == (7, 1, {"auth": "NONE"})
    assert worker["layers"] == [{"name": "numbers"}]
    assert worker["alias"] == {"name": "live", "version": "3", "additional_version": "4", "additional_weight": "10%"}
    assert worker["event_sources"] == [
        {
            "source": "orders",
            "batch_size": 50,
            "enabled": False,
            "report_batch_item_failures": True,
            "maximum_retries": 3,
            "on_failure": "lost",
            "filters": [{"eventName": ["INSERT"]}],
        }
    ]
    assert {found[name]["kind"] for name in ("orders", "runs", "dead", "lost", "told")} == {"unmodelled_resource"}


@pytest.mark.parametrize("more", [{}, {"RevisionId": "r"}])
def test_a_resource_policy_is_its_functions(more: dict[str, Json]) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": _ARN}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    other: dict[str, Json] = {**FUNCTION, "FunctionName": "other", "FunctionArn": f"{_ARN}-2"}
    found, _ = read({"Functions": [FUNCTION, other]}, {"Policy": policy, **more})
    assert found["worker"]["policy"] == policy
    assert "policy" not in found["worker-2"]


def test_several_aliases_are_told() -> None:
    rows: list[Json] = [{"AliasArn": f"{_ARN}:{n}", "Name": n, "FunctionVersion": "1"} for n in ("a", "b")]
    found, unused = read({"Functions": [FUNCTION]}, {"Aliases": rows})
    assert "alias" not in found["worker"]
    assert any("aliases a, b" in line for line in unused)


_INVOKE = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{_ARN}/invocations"
_REST: dict[str, Json] = {
    "id": "abc123",
    "name": "shop",
    "apiKeySource": "HEADER",
    "endpointConfiguration": {"types": ["REGIONAL"]},
    "policy": json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    ).replace('"', '\\"'),
}
_RESOURCES: dict[str, Json] = {
    "restApiId": "abc123",
    "items": [
        {
            "path": "/orders",
            "resourceMethods": {
                "GET": {
                    "authorizationType": "CUSTOM",
                    "authorizerId": "a1",
                    "requestParameters": {"method.request.querystring.size": True},
                    "methodIntegration": {"type": "AWS_PROXY", "uri": _INVOKE, "timeoutInMillis": 5000},
                },
                "POST": {
                    "authorizationType": "AWS_IAM",
                    "methodIntegration": {
                        "type": "AWS",
                        "uri": "arn:aws:apigateway:eu-west-1:sqs:path/111111111111/jobs",
                    },
                },
            },
        }
    ],
}


def test_a_rest_api() -> None:
    stage: dict[str, Json] = {
        "stageName": "prod",
        "deploymentId": "d",
        "cacheClusterEnabled": True,
        "cacheClusterSize": "0.5",
        "methodSettings": {"*/*": {"throttlingRateLimit": 100.0, "throttlingBurstLimit": 50, "cacheTtlInSeconds": 60}},
        "canarySettings": {"percentTraffic": 10.0},
        "webAclArn": "arn:aws:wafv2:x",
    }
    found, unused = read(
        {"items": [_REST]},
        {"RestApiResources": [_RESOURCES]},
        {"RestApiStages": [{"restApiId": "abc123", "item": [stage]}]},
        {
            "RestApiAuthorizers": [
                {
                    "restApiId": "abc123",
                    "items": [
                        {
                            "id": "a1",
                            "name": "users",
                            "type": "COGNITO_USER_POOLS",
                            "providerARNs": ["arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_AbC"],
                        }
                    ],
                }
            ]
        },
        {"Functions": [FUNCTION]},
    )
    api = found["abc123"]
    assert (api["protocol"], api["endpoint"], api["waf"], api["label"]) == ("REST", "regional", True, "shop")
    assert "Statement" in str(api["policy"])
    assert api["routes"] == [
        {
            "path": "/orders",
            "method": "GET",
            "authorizer": "users",
            "required_parameters": ["size"],
            "integration": "AWS_PROXY",
            "to": "worker",
            "timeout": 5.0,
        },
        {
            "path": "/orders",
            "method": "POST",
            "authorizer": "IAM",
            "integration": "AWS",
            "to": "jobs",
            "action": "sqs:SendMessage",
        },
    ]
    assert api["stages"] == [
        {
            "name": "prod",
            "cache_size": 0.5,
            "cache_ttl": 60,
            "throttle": {"rate": 100.0, "burst": 50},
            "canary": {"percent": "10%"},
        }
    ]
    assert api["authorizers"] == [
        {"name": "users", "type": "COGNITO", "user_pool": "eu-west-1_AbC"},
        {"name": "IAM", "type": "IAM"},
    ]
    assert not [line for line in unused if line.startswith("abc123")]


def test_an_http_api_answers_when_traced() -> None:
    api: dict[str, Json] = {"ApiId": "xyz", "Name": "shop", "ProtocolType": "HTTP", "ApiEndpoint": "https://xyz"}
    route: dict[str, Json] = {"RouteKey": "GET /orders", "Target": "integrations/i1", "AuthorizationType": "NONE"}
    answer: dict[str, Json] = {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": _ARN}
    text = "\n".join(
        json.dumps(each)
        for each in (
            api,
            {"HttpApiRoutes": [{"ApiId": "xyz", "Items": [route]}]},
            {"HttpApiIntegrations": [{"ApiId": "xyz", "Items": [answer]}]},
            {"Functions": [{**FUNCTION, "Role": "", "DeadLetterConfig": {}}]},
        )
    )
    found = import_aws(Path("given.json"), registry(), text.encode())
    world = compile_world(from_data(found.data, registry()).blueprint)
    asked = Request.make("internet", "https://xyz.execute-api.eu-west-1.amazonaws.com/orders")
    assert trace(world, asked).status == 200


def test_routes_that_name_no_api_are_told() -> None:
    _, unused = read({"Items": [{"RouteKey": "GET /", "RouteId": "r"}]}, {"Functions": [FUNCTION]})
    assert any("HttpApiRoutes" in line for line in unused)


def test_a_bus_with_its_rules() -> None:
    rules: list[Json] = [
        {"Name": "orders", "EventBusName": "default", "State": "ENABLED", "EventPattern": '{"source": ["shop"]}'},
        {"Name": "nightly", "EventBusName": "default", "State": "DISABLED", "ScheduleExpression": "rate(1 day)"},
    ]
    targets: list[Json] = [
        {
            "Id": "1",
            "Arn": _ARN,
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:1:dead"},
            "RetryPolicy": {"MaximumRetryAttempts": 5, "MaximumEventAgeInSeconds": 600},
            "Input": '{"a": 1}',
        }
    ]
    found, unused = read(
        {"Rules": rules},
        {"RuleTargets": [{"Rule": "orders", "Targets": targets}]},
        {"Functions": [FUNCTION]},
    )
    assert found["default"]["default"] is True
    target = {"to": "worker", "dead_letter": "dead", "retries": 5, "event_age": 600, "input": {"a": 1}}
    assert found["default"]["rules"] == [
        {"name": "orders", "pattern": {"source": ["shop"]}, "targets": [target]},
        {"name": "nightly", "schedule": "rate(1 day)", "enabled": False, "targets": []},
    ]
    assert any("nightly" in line for line in unused)


_MACHINE: dict[str, Json] = {
    "stateMachineArn": "arn:aws:states:eu-west-1:111111111111:stateMachine:flow",
    "name": "flow",
    "type": "EXPRESS",
    "roleArn": "arn:aws:iam::111111111111:role/runs",
}
_STATES: dict[str, Json] = {
    "ask": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": _ARN},
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 4, "BackoffRate": 1.5}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "sorry"}],
        "ResultPath": None,
        "Next": "which",
    },
    "which": {
        "Type": "Choice",
        "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "both"}],
        "Default": "sorry",
    },
    "both": {
        "Type": "Parallel",
        "Branches": [{"StartAt": "keep", "States": {"keep": {"Type": "Pass", "Result": {"a": 1}, "End": True}}}],
        "End": True,
    },
    "sorry": {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/review"},
        "End": True,
    },
}


def test_a_state_machine() -> None:
    definition = json.dumps({"StartAt": "ask", "TimeoutSeconds": 60, "States": _STATES})
    found, _ = read({**_MACHINE, "definition": definition}, {"Functions": [FUNCTION]})
    flow = found["flow"]
    assert (flow["type"], flow["start_at"], flow["timeout"], flow["role"]) == ("EXPRESS", "ask", 60, "runs")
    assert flow["states"] == {
        "ask": {
            "type": "Task",
            "to": "worker",
            "next": "which",
            "retries": 2,
            "interval": 4,
            "backoff": 1.5,
            "catch": "sorry",
            "result_path": "",
        },
        "which": {
            "type": "Choice",
            "default": "sorry",
            "choices": [{"next": "both", "condition": {"Variable": "$.total", "NumericGreaterThan": 100}}],
        },
        "both": {"type": "Parallel", "branches": ["keep"]},
        "keep": {"type": "Pass", "result": {"a": 1}},
        "sorry": {"type": "Task", "to": "review", "action": "sqs:SendMessage", "callback": "returns"},
    }


def test_pools() -> None:
    pool: dict[str, Json] = {
        "Id": "eu-west-1_AbC",
        "Name": "people",
        "Domain": "shop",
        "MfaConfiguration": "ON",
        "LambdaConfig": {"PreSignUp": _ARN},
    }
    identity = "eu-west-1:0000-11"
    found, _ = read(
        {"UserPool": pool},
        {"UserPoolClients": [{"ClientId": "web", "UserPoolId": "eu-west-1_AbC", "ClientName": "w"}]},
        {
            "IdentityPoolId": identity,
            "IdentityPoolName": "p",
            "AllowUnauthenticatedIdentities": False,
            "CognitoIdentityProviders": [{"ProviderName": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"}],
        },
        {"IdentityPoolId": identity, "Roles": {"authenticated": "arn:aws:iam::1:role/member"}},
        {"Functions": [FUNCTION]},
    )
    people = found["eu-west-1_AbC"]
    assert (people["clients"], people["domain"], people["mfa"]) == (["web"], "shop", True)
    assert people["triggers"] == ["worker"]
    mine = found["eu-west-1-0000-11"]
    assert (mine["authenticated_role"], mine["user_pools"]) == ("member", ["eu-west-1_AbC"])


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (f"{_ARN}:live", "worker"),
        ("arn:aws:dynamodb:eu-west-1:1:table/orders/stream/2026", "orders"),
        ("arn:aws:kinesis:eu-west-1:1:stream/clicks", "clicks"),
        ("arn:aws:sqs:eu-west-1:1:jobs", "jobs"),
        ("arn:aws:s3:::photos", "photos"),
        ("arn:aws:iam::1:role/a/b/runs", "runs"),
        ("arn:aws:states:eu-west-1:1:stateMachine:flow", "flow"),
        ("arn:aws:events:eu-west-1:1:event-bus/shop", "shop"),
        ("worker", "worker"),
    ],
)
def test_names_in_arns(arn: str, name: str) -> None:
    assert named(arn) == name
