"""What goes on when a node, a zone or the control plane is lost, and how long it takes."""

from __future__ import annotations

import pytest

from archtui import facts
from archtui.failure.interface import Fails, Mechanism, Situation
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.eks.shop import API, SHOP, codes_of, world_of

SINGLE = ("    desired: 3\n", "    desired: 1\n")


def mechanisms(name: str, *down: str, changes: tuple[tuple[str, str], ...] = ()) -> tuple[Mechanism, ...]:
    world = world_of(*changes)
    component = world.components[name]
    fails = component.kind.behaviour(Fails)
    assert fails is not None
    return fails.mechanisms(component, Situation(world, condition_for(world, down)))


@proves(
    "Pods of a lost node start on another one after 50 s without a report and 300 s of toleration.",
    area="Kubernetes",
    source="Kubernetes, 'Taints and Tolerations', 'Taint based Evictions'; kube-controller-manager",
)
def test_pods_of_a_lost_node_are_started_elsewhere() -> None:
    (found,) = mechanisms("api", "workers:asg:1")
    entry = facts.failover("eks.pod")
    assert (found.detect, found.switch) == (entry.detect_seconds(), entry.switch_seconds())
    assert found.seconds is not None
    assert (found.seconds.min, found.seconds.max) == (410, 410)
    assert (found.control_planes, found.lost, found.after) == (("eks",), ("api:1", "api:3"), ())


def test_a_shorter_toleration_starts_them_earlier() -> None:
    (found,) = mechanisms(
        "api", "workers:asg:1", changes=(("    desired: 3\n", "    desired: 3\n    toleration: 30\n"),)
    )
    assert found.seconds is not None
    assert found.seconds.max == 140


def test_a_failed_pod_is_the_kubelets_work_and_needs_no_control_plane() -> None:
    (found,) = mechanisms("api", "api:2")
    assert found.seconds is not None
    assert (found.seconds.max, found.control_planes) == (60, ())


def test_where_no_node_is_left_pods_wait_for_new_ones() -> None:
    (found,) = mechanisms("api", "workers:asg:1", "workers:asg:2")
    assert found.after == ("asg.instance:workers:asg",)


def test_what_is_not_touched_has_nothing_to_do() -> None:
    assert not mechanisms("api", "web:1")
    assert not mechanisms("api-svc", "web:1")


@proves(
    "Without the control plane running pods go on, and nothing is scheduled or taken out of a Service.",
    area="Kubernetes",
    source="Kubernetes, 'Nodes', 'Cluster Architecture'; fact eks-control-01",
)
def test_without_the_control_plane_what_runs_goes_on() -> None:
    world = world_of()
    away = condition_for(world, ("control-plane:eks",))
    assert trace(world, SHOP, away).status == 200
    endpoint = Request.make("workers:asg:1", "cluster", protocol="https", port=443)
    assert codes_of(trace(world, endpoint, away)) == ["BAD_STATE"]
    lost = condition_for(world, ("control-plane:eks", "workers:asg:1"))
    asked = Request.make("web:2", "api-svc", protocol="http", port=80)
    found = trace(world, asked, Condition(down=lost.down, control_planes=lost.control_planes, time=3600.0))
    assert found.share == pytest.approx(1 / 3)
    assert {blocker.code for blocker in found.blockers} == {"BAD_STATE"}


@proves(
    "Pods of a node that is not ready leave a Service after 50 s.",
    area="Kubernetes",
    source="Kubernetes, 'EndpointSlices'; kube-controller-manager (node-monitor-grace-period)",
)
def test_a_lost_nodes_pods_leave_their_services() -> None:
    world = world_of()
    down = condition_for(world, ("workers:asg:1",)).down
    asked = Request.make("web:2", "api-svc", protocol="http", port=80)
    before = trace(world, asked, Condition(down=down, time=0.0))
    after = trace(world, asked, Condition(down=down, time=60.0, recovered=frozenset({"eks.endpoints:api-svc"})))
    assert (before.share, after.share) == (pytest.approx(1 / 3), 1.0)
    (found,) = mechanisms("api-svc", "workers:asg:1")
    assert found.seconds is not None
    assert found.seconds.max == 50


@pytest.mark.parametrize("down", ["az:eu-west-1a", "workers:asg:1"])
def test_a_lost_zone_or_node_leaves_the_others_at_work(down: str) -> None:
    world = world_of()
    found = trace(world, API, condition_for(world, (down,)))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)


def test_a_single_pod_is_gone_with_its_node_until_it_is_started_again() -> None:
    world = world_of(SINGLE)
    down = condition_for(world, ("workers:asg:1",)).down
    first = trace(world, API, Condition(down=down, time=0.0))
    assert first.status != 200
    assert trace(world, API, Condition(down=down)).status == 200
    zone = condition_for(world, ("az:eu-west-1a",))
    assert trace(world, API, zone).status == 200
