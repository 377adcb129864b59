"""EFS001-EFS004, FSX001: file systems and those who mount them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, join, set_property
from archtui.model.operations import Operation, Set
from archtui.services.admission import admit
from archtui.services.ec2.lookups import ends_of, machine_of
from archtui.services.examples import NETWORK
from archtui.services.lookups import admits, as_kind, links_to, zones_of
from archtui.services.spread import add_zone
from archtui.services.stores.properties import EfsProperties, FsxProperties
from archtui.world.world import World

_EFS = "https://docs.aws.amazon.com/efs/latest/ug/"
_KINDS = ("efs_file_system",)
NFS = 2049
_WEB = NETWORK + "  web: {kind: ec2_instance, subnet: app-b, metadata_tokens: required%s}\n"


class NoMountTarget(ComponentRule):
    """Clients in a zone without a mount target."""

    id = "EFS001"
    title = "No mount target in a zone with clients"
    severity = "error"
    class_ = "reachability"
    kinds = _KINDS
    why = (
        "The file system's name gives a client the mount target of its own zone and none where there is none; "
        "by address the client depends on another zone."
    )
    fix = "Add a mount target, one subnet, in each zone with clients."
    sources = (f"{_EFS}accessing-fs.html", f"{_EFS}mounting-fs-mount-cmd-dns-name.html")
    facts = ("efs_mount_target-az-01", "efs-mount-01")
    _DESIGN = _WEB % "" + "  files: {kind: efs_file_system, subnets: [%s]}\nlinks: [{from: web, to: files}]\n"
    example_bad = _DESIGN % "app-a"
    example_good = _DESIGN % "app-a, app-b"
    example_finds = ("files", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of each client with those of the mount targets; One Zone has one alone (EFS004)."""
        system = properties(component, EfsProperties)
        covered = set(zones_of(world, system.subnets))
        if system.one_zone or not covered:
            return
        for link in links_to(world, component.id):
            subnets = ends_of(world, link.source).subnets if link.source in world.components else ()
            for subnet in dict.fromkeys(subnets):
                zones = zones_of(world, (subnet,))
                if zones and not covered & set(zones):
                    message = f"{link.source} is in {zones[0]}, where {component.id} has no mount target."
                    fixable = world.placement(subnet).vpc == world.placement(component.id).vpc
                    fixable = fixable and subnet in world.blueprint.components
                    yield self.finding(component.id, link.source, message=message, fixable=fixable, detail=(subnet,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a mount target in the client's subnet."""
        if not finding.fixable:
            return ()
        subnet = str(finding.detail[0])
        edit = append_to(world.blueprint, finding.subject, ("subnets",), subnet)
        return (Edit(f"add a mount target of {finding.subject} in {subnet}", edit.operations),)


class NfsClosed(ComponentRule):
    """A client that the mount targets' groups do not let in."""

    id = "EFS002"
    title = "NFS port 2049 not admitted"
    severity = "error"
    class_ = "reachability"
    kinds = _KINDS
    why = "The mount command waits for a reply that never comes, and with it the boot of the instance."
    fix = "Let the clients' security group in at the mount targets' group, on port 2049."
    sources = (f"{_EFS}network-access.html",)
    facts = ("efs-sg-01", "security_group-default-deny-01")
    example_bad = """\
components:
  web: {kind: ec2, metadata_tokens: required, security_groups: [web-sg]}
  files: {kind: efs, security_groups: [files-sg]}
  web-sg: {kind: security_group}
  files-sg: {kind: security_group, ingress: [{port: 445, from: web-sg}]}
links: [{from: web, to: files}]
"""
    example_good = example_bad.replace("port: 445", "port: 2049")
    example_finds = ("files-sg", "files", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Hold each link against the rules of the mount targets' groups."""
        port = properties(component, EfsProperties).ports[0]
        own = ends_of(world, component.id)
        for link in links_to(world, component.id):
            caller = ends_of(world, link.source) if link.source in world.components else None
            if not own.groups or caller is None or not caller.groups or admits(world, own.groups, caller.peer, port):
                continue
            first, *others = dict.fromkeys(own.groups)
            yield self.finding(
                first,
                *others,
                component.id,
                link.source,
                message=f"{', '.join(own.groups)} does not let {link.source} in on port {port} of {component.id}.",
                fixable=bool(admit(world, own.groups, caller.peer, port, "")),
                detail=(component.id, link.source, port),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the rule."""
        name, caller, port = finding.detail
        groups = ends_of(world, str(name)).groups
        return admit(world, groups, ends_of(world, str(caller)).peer, int(port), f"{caller} to {name}")


class WindowsOnNfs(ComponentRule):
    """A Windows machine that is to mount EFS."""

    id = "EFS003"
    title = "Windows client on EFS"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    why = "EFS speaks NFS for Linux; Windows cannot mount it."
    fix = "Use FSx for Windows File Server."
    sources = (f"{_EFS}how-it-works.html", "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/what-is.html")
    facts = ("efs-linux-01", "efs-ami-01", "fsx_windows-protocol-01")
    _DESIGN = (
        _WEB % ", platform: windows" + "  files: {kind: %s, subnets: [app-a, app-b]}\nlinks: [{from: web, to: files}]\n"
    )
    example_bad = _DESIGN % "efs_file_system"
    example_good = _DESIGN % "fsx_file_system, type: windows, deployment: multi_az"
    example_finds = ("files", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the platform of each client."""
        callers = [link.source for link in links_to(world, component.id) if link.source in world.components]
        windows = [name for name in callers if _is_windows(world, name)]
        if windows:
            message = f"{', '.join(windows)} runs Windows and cannot mount {component.id}."
            fixable = len(windows) == len(callers) and component.id in world.blueprint.components
            yield self.finding(component.id, *dict.fromkeys(windows), message=message, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it a file system for Windows, where all its clients run that."""
        name = finding.subject
        system = as_kind(world, name, EfsProperties)
        if system is None or not finding.fixable:
            return ()
        raw = world.blueprint.components[name].raw
        body: dict[str, Json] = {"kind": "fsx_file_system", "type": "windows"}
        body["deployment"] = "multi_az" if len(zones_of(world, system.subnets)) > 1 else "single_az"
        body |= {key: raw[key] for key in ("subnets", "security_groups", "region", "label") if key in raw}
        operations: list[Operation] = [Set(("components", name), body)]
        for index, link in enumerate(world.blueprint.links):
            if link.target == name and link.port == NFS:
                operations.append(Set(("links", index, "port"), 445))
        return (Edit(f"make {name} an FSx file system for Windows", tuple(operations)),)


def _is_windows(world: World, name: str) -> bool:
    machine = machine_of(world, name)
    return machine is not None and machine.platform == "windows"


class OneZone(ComponentRule):
    """Shared files that are kept in one zone."""

    id = "EFS004"
    title = "One Zone class for shared production data"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = "The files are gone for as long as their zone is, and for good if that is destroyed."
    fix = "Use a regional file system."
    sources = (f"{_EFS}storage-classes.html",)
    facts = ("efs-az-01", "efs-onezone-01")
    example_bad = NETWORK + "  files: {kind: efs_file_system, one_zone: true, subnets: [app-a]}\n"
    example_good = NETWORK + "  files: {kind: efs_file_system, subnets: [app-a, app-b]}\n"
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the class."""
        if properties(component, EfsProperties).one_zone:
            yield self.finding(component.id, message=f"{component.id} keeps its files in one zone.", path=("one_zone",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them in the region; every further zone with clients wants a mount target of its own."""
        return (set_property(finding.subject, ("one_zone",), False),)


class LostWithItsServer(ComponentRule):
    """An FSx file system in one zone, or Lustre that keeps no copies."""

    id = "FSX001"
    title = "File system in one zone, or scratch for data that must last"
    severity = "warning"
    class_ = "resilience"
    kinds = ("fsx_file_system",)
    why = "A single file server is lost with its zone; scratch storage keeps no copies at all."
    fix = "Use Multi-AZ, for Lustre persistent storage."
    sources = (
        "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/high-availability-multiAZ.html",
        "https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-fsx-lustre.html",
    )
    facts = ("fsx_windows-az-01", "fsx_lustre-scratch-01", "fsx_lustre-persistent-01")
    example_bad = NETWORK + "  files: {kind: fsx_file_system, subnets: [app-a]}\n"
    example_good = NETWORK + "  files: {kind: fsx_file_system, deployment: multi_az, subnets: [app-a, app-b]}\n"
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the deployment; Lustre has no Multi-AZ, its persistent form is what there is."""
        system = properties(component, FsxProperties)
        if system.deployment == "scratch":
            yield self.finding(component.id, message=f"{component.id} is scratch storage.", path=("deployment",))
        elif system.deployment == "single_az" and system.type != "lustre":
            fixable = len(zones_of(world, system.subnets)) > 1 or bool(add_zone(world, component.id, system.subnets))
            message = f"{component.id} has one file server in one zone."
            yield self.finding(component.id, message=message, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use the deployment with copies."""
        name = finding.subject
        system = as_kind(world, name, FsxProperties)
        if system is None or not finding.fixable:
            return ()
        if system.type == "lustre":
            return (set_property(name, ("deployment",), "single_az"),)
        wider = add_zone(world, name, system.subnets) if len(zones_of(world, system.subnets)) == 1 else ()
        pair = (*wider, set_property(name, ("deployment",), "multi_az"))
        return (join(f"run {name} in two zones", pair),)
