"""Properties of accelerators."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Part, Port, Ports, Properties, Reference, Region

EndpointRef = Annotated[
    str,
    Reference(("application_load_balancer", "network_load_balancer", "ec2_instance", "elastic_ip"), "targets"),
]
"""What an accelerator sends to."""


class AcceleratorEndpoint(Part):
    """One receiver of an endpoint group."""

    to: EndpointRef
    """A load balancer, an instance or an Elastic IP."""
    weight: Annotated[int, Field(ge=0, le=255)] = 128
    """Its share among the endpoints of its group; 0: none."""
    preserve_client_ip: bool | None = None
    """Whether it sees the client's own address; left out: on for an Application Load Balancer and an instance."""


class PortOverride(Part):
    """A port of the listener that endpoints of a group take on another one."""

    listener: Port
    """The port clients use."""
    endpoint: Port
    """The port the endpoints get it on."""


class EndpointGroup(Part):
    """The endpoints of one region."""

    region: Region
    """The region."""
    dial: Annotated[int, Field(ge=0, le=100)] = 100
    """The share, in percent, of the requests meant for it that it gets; the rest goes to the next group."""
    endpoints: tuple[AcceleratorEndpoint, ...] = ()
    """Its endpoints."""
    interval: Literal[10, 30] = 30
    """Seconds between two health checks of instances and Elastic IPs; balancers use their own."""
    threshold: Annotated[int, Field(ge=1, le=10)] = 3
    """Checks in a row that change an endpoint's state."""
    port_overrides: tuple[PortOverride, ...] = ()
    """Ports that its endpoints take on other ones."""
    health_check_port: Port | None = None
    """The port checked; left out: the listener's first."""


class AcceleratorListener(Part):
    """Ports that the accelerator takes connections on."""

    ports: Ports
    """A port or a range."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """The protocol."""
    affinity: Literal["none", "source_ip"] = "none"
    """Whether connections of one client go to one endpoint."""
    groups: tuple[EndpointGroup, ...] = ()
    """Its endpoint groups, one for each region."""


class GlobalAcceleratorProperties(Properties):
    """Two fixed addresses, announced from edge locations, that lead to endpoints in several regions."""

    addresses: tuple[Address, ...] = ()
    """Its two addresses; left out: from Amazon's pool."""
    ip_address_type: Literal["ipv4", "dualstack"] = "ipv4"
    """Whether it has IPv6 addresses as well; then its endpoints need them too."""
    ipv6_addresses: tuple[Address, ...] = ()
    """Its IPv6 addresses; left out: from Amazon's pool."""
    type: Literal["standard", "custom_routing"] = "standard"
    """Whether it chooses an endpoint itself, or maps each of its ports to one address and port of a subnet."""
    listeners: tuple[AcceleratorListener, ...] = ()
    """What it listens on."""
    enabled: bool = True
    """Whether it takes connections."""
    flow_logs: bool = False
    """Whether flow logs are kept."""


__all__ = [
    "AcceleratorEndpoint",
    "AcceleratorListener",
    "EndpointGroup",
    "GlobalAcceleratorProperties",
    "PortOverride",
]
