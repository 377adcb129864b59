"""Connecting functions, APIs, buses, workflows and user pools: what was asked for works after the edit."""

from __future__ import annotations

import pytest

from archtui.model.connect import Proposal, Refusal, connect
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.services.traced import NETWORK, world_of

_DESIGN = (
    NETWORK
    + """
  fn: {kind: lambda_function}
  other: {kind: lambda_function}
  api: {kind: api_gateway, endpoint: regional}
  http: {kind: api_gateway, protocol: HTTP}
  chat: {kind: api_gateway, protocol: WEBSOCKET, stages: [{name: p}]}
  users: {kind: cognito_user_pool}
  bus: {kind: event_bus}
  flow: {kind: state_machine, states: {begin: {type: Pass}}}
  jobs: {kind: sqs_queue}
  news: {kind: sns_topic}
  items: {kind: dynamodb_table}
  files: {kind: s3_bucket}
  db: {kind: rds, engine: postgres, subnets: [app-a, app-b]}
  alb-sg: {kind: security_group, vpc: vpc}
  alb: {kind: alb, scheme: internal, subnets: [app-a, app-b], security_groups: [alb-sg],
        listeners: [{port: 80, protocol: HTTP, forward: web}]}
  web: {kind: target_group, port: 80, protocol: HTTP, vpc: vpc, targets: [app]}
"""
)
_API = "https://api.execute-api.eu-west-1.amazonaws.com/prod"
_HTTP = "https://http.execute-api.eu-west-1.amazonaws.com"


def after(world: World, *pairs: tuple[str, str]) -> World:
    for source, target in pairs:
        answer = connect(world, source, target)
        assert isinstance(answer, Proposal), answer
        assert answer.sentence
        assert answer.edit.operations
        blueprint, _ = world.blueprint.edited(answer.edit.operations)
        world = compile_world(blueprint, world)
        again = connect(world, source, target)
        assert isinstance(again, Proposal)
        assert not again.edit.operations, again.sentence
    return world


@pytest.mark.parametrize(
    ("pairs", "source", "target", "reaches"),
    [
        ([("api", "fn")], "internet", f"{_API}/fn", "fn"),
        ([("api", "jobs")], "internet", f"{_API}/jobs", "jobs"),
        ([("http", "fn"), ("fn", "items")], "internet", f"{_HTTP}/fn", "items"),
        ([("http", "fn"), ("fn", "other"), ("other", "files")], "internet", f"{_HTTP}/fn", "files"),
        ([("http", "fn"), ("fn", "db")], "internet", f"{_HTTP}/fn", "db"),
        ([("http", "alb")], "internet", f"{_HTTP}/alb", "app"),
        ([("http", "fn"), ("fn", "bus"), ("bus", "other"), ("bus", "jobs")], "internet", f"{_HTTP}/fn", "jobs"),
        ([("http", "fn"), ("fn", "flow"), ("flow", "other"), ("flow", "jobs")], "internet", f"{_HTTP}/fn", "jobs"),
        ([("chat", "fn")], "internet", "https://chat.execute-api.eu-west-1.amazonaws.com/p", "chat"),
        ([("bus", "flow"), ("flow", "news")], "", "", ""),
    ],
)
def test_what_is_offered_works(pairs: list[tuple[str, str]], source: str, target: str, reaches: str) -> None:
    world = after(world_of(_DESIGN), *pairs)
    if source:
        assert trace(world, Request.make(source, target)).reaches(reaches) is Verdict.REACHABLE


@pytest.mark.parametrize("pair", [("users", "http"), ("http", "users")])
def test_a_user_pool_guards_what_is_open(pair: tuple[str, str]) -> None:
    world = after(world_of(_DESIGN), ("http", "fn"), pair)
    assert trace(world, Request.make("internet", f"{_HTTP}/fn")).status == 401
    token = {"Authorization": "Bearer x"}
    assert trace(world, Request.make("internet", f"{_HTTP}/fn", headers=token)).status == 200


def test_a_websocket_api_checks_no_tokens() -> None:
    assert isinstance(connect(world_of(_DESIGN), "users", "chat"), Refusal)
