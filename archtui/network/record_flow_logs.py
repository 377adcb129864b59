"""What flow logs would keep of a walk: a record for each interface and direction, accepted or rejected."""

from __future__ import annotations

from archtui.network.addresses import address_text
from archtui.network.filters import Direction, decide_acl
from archtui.network.flow import Packet, protocol_name
from archtui.network.model import GroupRule, Interface
from archtui.network.record_rules import RuleRecords
from archtui.world.steps import Action, RuleRef


class LoggedRecords(RuleRecords):
    """Adds to what security groups decide what the flow logs there would record.

    Source: VPC User Guide, 'Logging IP traffic using VPC Flow Logs' (ACCEPT where both the groups and the
    network ACL let it pass, REJECT otherwise; a record for each interface and direction).
    """

    def admitted(self, interface: Interface, packet: Packet, at: Direction, rule: GroupRule) -> None:
        """A group's rule admits the packet."""
        super().admitted(interface, packet, at, rule)
        self._logged(interface, packet, at, "")

    def tracked(self, interface: Interface, packet: Packet, at: Direction) -> None:
        """The reply of a connection that a group has let through."""
        super().tracked(interface, packet, at)
        self._logged(interface, packet, at, "")

    def refused(
        self, interface: Interface, packet: Packet, at: Direction, component: str, code: str, closest: GroupRule | None
    ) -> None:
        """No group's rule admits the packet."""
        super().refused(interface, packet, at, component, code, closest)
        self._logged(interface, packet, at, component)

    def _logged(self, interface: Interface, packet: Packet, at: Direction, refusing: str) -> None:
        logs = [
            log
            for log in self.network.flow_logs
            if log.resource in (interface.vpc, interface.subnet, interface.id, interface.component)
        ]
        if not logs:
            return
        subnet = self.network.subnets[interface.subnet]
        other = packet.destination if at == "egress" else packet.source
        if not refusing and other not in subnet.block:
            nacl = self.network.nacls[subnet.nacl]
            refusing = nacl.id if decide_acl(nacl, packet, at).drops else ""
        said = "REJECT" if refusing else "ACCEPT"
        why = f" ({refusing} decides)" if refusing else ""
        flow = (
            f"{address_text(packet.source)} to {address_text(packet.destination)} {protocol_name(packet.protocol)}, "
            f"{'in' if at == 'ingress' else 'out'} at {interface.component}"
        )
        for log in logs:
            if log.traffic in ("ALL", said):
                ref = RuleRef(log.component, f"flow log of {log.resource}")
                self.step(
                    interface.component,
                    "flow_log",
                    Action.ACCEPT,
                    "",
                    f"{log.component} records {said}: {flow}{why}.",
                    packet,
                    decided_by=ref,
                )
