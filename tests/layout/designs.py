"""Random and sized designs for the layout's tests."""

from __future__ import annotations

from hypothesis import strategies as st

from archtui.layout.depict import Depiction
from archtui.layout.view import DesignEdge, DesignNode, DesignView


def _node(name: str, place: str, parents: tuple[str, ...] = (), **more: object) -> DesignNode:
    depiction_keys = {"frame", "tier", "label", "detail", "words", "anchors"}
    depiction = Depiction(place, **{k: v for k, v in more.items() if k in depiction_keys})  # type: ignore[arg-type]
    rest = {k: v for k, v in more.items() if k not in depiction_keys}
    return DesignNode(name, "Thing", "▪", depiction, parents, region=rest.pop("region", "r-1"), **rest)  # type: ignore[arg-type]


def sized(count: int) -> DesignView:
    """Return an AWS-like design of about ``count`` components: VPCs of three zones and three tiers."""
    nodes: dict[str, DesignNode] = {"internet": _node("internet", "outside", region="")}
    edges: list[DesignEdge] = []

    def add(name: str, place: str, parents: tuple[str, ...] = (), **more: object) -> str:
        nodes[name] = _node(name, place, parents, **more)
        return name

    number = 0
    while len(nodes) < count:
        number += 1
        region = f"r-{(number - 1) // 12 + 1}"
        vpc = add(f"vpc{number}", "frame", frame="vpc", detail="10.0.0.0/16", region=region)
        gateway = add(f"igw{number}", "border", (vpc,), region=region)
        edges.append(DesignEdge("internet", gateway, "flow"))
        subnets: dict[tuple[int, str], str] = {}
        for tier in range(3):
            for zone in "abc":
                name = f"s{number}{tier}{zone}"
                subnets[tier, zone] = add(
                    name, "frame", (vpc,), frame="subnet", tier=tier, zones=(region + zone,), region=region,
                    detail="10.0.0.0/24",
                )  # fmt: skip
            add(f"sg{number}{tier}", "setting", (vpc,), region=region)
        balancer = add(f"lb{number}", "inside", tuple(subnets[0, zone] for zone in "abc"), region=region)
        group = add(f"tg{number}", "inside", (vpc,), region=region)
        database = add(f"db{number}", "inside", tuple(subnets[2, zone] for zone in "abc"), region=region)
        edges += [DesignEdge(gateway, balancer, "flow"), DesignEdge(balancer, group, "forward")]
        for index in range(60):
            zone = "abc"[index % 3]
            server = add(f"i{number}-{index}", "inside", (subnets[1, zone],), zones=(region + zone,), region=region)
            edges += [DesignEdge(group, server, "forward"), DesignEdge(server, database, "link")]
            if len(nodes) >= count:
                break
    return DesignView(nodes, tuple(e for e in edges if e.source in nodes and e.target in nodes))


@st.composite
def views(draw: st.DrawFn) -> DesignView:
    """Draw a design: some regions, VPCs, subnets in zones, nodes in all places, and edges between any two."""
    nodes: dict[str, DesignNode] = {}
    count = st.integers(0, 3)

    def add(stem: str, place: str, parents: tuple[str, ...] = (), **more: object) -> str:
        name = f"{stem}{len(nodes)}" + "x" * draw(st.integers(0, 12))
        nodes[name] = _node(name, place, parents, **more)
        return name

    outside = [add("o", "outside", region="") for _ in range(draw(st.integers(0, 4)))]
    vpcs: list[str] = []
    subnets: list[str] = []
    for region in ("r-1", "r-2")[: draw(st.integers(0, 2))]:
        for _ in range(draw(count)):
            vpc = add("v", "frame", frame="vpc", detail="10.0.0.0/16", region=region)
            vpcs.append(vpc)
            for _ in range(draw(st.integers(0, 2))):
                add("g", "border", (vpc,), region=region)
            zones = ["a", "b", "c"][: draw(count)]
            mine: list[str] = []
            for zone in zones:
                for _ in range(draw(count)):
                    tier = draw(st.sampled_from([0, 1, 2, None]))
                    mine.append(
                        add("s", "frame", (vpc,), frame="subnet", tier=tier, zones=(region + zone,), region=region)
                    )
            subnets += mine
            for subnet in mine:
                for _ in range(draw(st.integers(0, 6))):
                    add("n", "inside", (subnet,), region=region)
            for _ in range(draw(count)):
                spans = tuple(draw(st.permutations(mine))[: draw(st.integers(0, 3))])
                add("m", "inside", spans or (vpc,), region=region)
            for _ in range(draw(count)):
                add("c", "setting", (vpc,), region=region)
        for _ in range(draw(count)):
            add("p", "inside", region=region)
    if len(vpcs) > 1:
        ends = tuple(draw(st.permutations(vpcs))[:2])
        add("peer", "inside", anchors=ends)
    names = list(nodes)
    edges: list[DesignEdge] = []
    if len(names) > 1:
        for _ in range(draw(st.integers(0, 25))):
            source, target = draw(st.sampled_from(names)), draw(st.sampled_from(names))
            style = draw(st.sampled_from(["link", "forward", "dns", "flow", "peer", "member"]))
            if source != target:
                edges.append(DesignEdge(source, target, style))
    del outside
    return DesignView(nodes, tuple(dict.fromkeys(edges)), tuple((e.source, e.target) for e in edges))
