"""EventBridge: buses that match events by rules."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.eventbridge import describe, trace
from archtui.services.eventbridge.properties import EventBusProperties
from archtui.services.handing import HandsOn
from archtui.services.permissions import ServiceCalls
from archtui.services.regional import RegionalApi

KINDS = (
    Kind(
        name="event_bus",
        title="EventBridge event bus",
        slug="eventbridge",
        family="eventbridge",
        code="eb",
        glyph="⋈",
        summary="Matches events, or times, by rules and sends them to targets.",
        properties=EventBusProperties,
        scope="region",
        aliases=("cloudwatch_events", "event_bridge"),
        behaviours=(
            RegionalApi("events"),
            trace.EventBusReceives(),
            Connections(__name__, "BUS"),
            describe.DescribesEventBus(),
            trace.EventBusFails(),
            HandsOn(),
            ServiceCalls("events.amazonaws.com"),
            trace.BusGuards(),
            Lines((Line("rules.targets.dead_letter"),), style="event"),
        ),
        failure_modes=("region",),
        traces=("event",),
    ),
)
