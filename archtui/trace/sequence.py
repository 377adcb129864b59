"""A trace as a Mermaid sequence diagram: who asks whom and who answers, for a page or a review.

What the packets pass on the way (gateways, subnets, filters) is left to the steps; what stops them is noted.
"""

from __future__ import annotations

from collections.abc import Iterator

from archtui.trace.result import Trace
from archtui.trace.stages import Stage
from archtui.world.steps import Action, Hop, Step, Verdict

_ESCAPED = {"#": "#35;", ";": "#59;", "\n": " "}
_MARKS = {Action.DENY: "✗", Action.UNKNOWN: "?"}


def mermaid(trace: Trace) -> str:
    """Return the main path there and back, and what it sets off, as a ``sequenceDiagram``."""
    diagram = _Diagram()
    body = list(diagram.exchange(trace.root, trace.source, "->>"))
    heads = [f"    participant {name} as {_text(component)}" for component, name in diagram.names.items()]
    return "\n".join(["sequenceDiagram", *heads, *body]) + "\n"


class _Diagram:
    """Names the participants in the order in which the trace meets them."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def exchange(self, stage: Stage, caller: str, arrow: str) -> Iterator[str]:
        """Yield what ``caller`` asks, what that takes, and the answer."""
        yield from self._names_asked(stage, caller)
        here = stage.at or caller
        if here != caller:
            yield f"    {self._name(caller)}{arrow}{self._name(here)}: {_text(_asked(stage))}"
        for hop in (*stage.forward, *stage.back):
            yield from self._stopped(hop)
        for made in stage.awaited:
            yield from self.exchange(made.main.stage, here, "->>")
        if here != caller and arrow == "->>" and stage.verdict is Verdict.REACHABLE:
            status = _status(stage)
            yield f"    {self._name(here)}-->>{self._name(caller)}: {f'HTTP {status}' if status else 'reply'}"
        for made in stage.events:
            when = f" after {made.delay.milliseconds:g} ms" if made.delay else ""
            yield f"    Note over {self._name(here)}: afterwards{when}, {_text(made.label)}"
            for way in made.ways:
                if way.weight > 0:
                    yield from self.exchange(way.stage, here, "-)")

    def _names_asked(self, stage: Stage, caller: str) -> Iterator[str]:
        asked = (hop.component for hop in stage.forward if any(step.layer == "dns" for step in hop.steps))
        authority = next(asked, caller)
        if authority != caller:
            yield f"    {self._name(caller)}->>{self._name(authority)}: DNS"

    def _stopped(self, hop: Hop) -> Iterator[str]:
        for step in hop.steps:
            if step.action in _MARKS:
                code = f" ({step.code})" if step.code else ""
                yield f"    Note over {self._name(hop.component)}: {_MARKS[step.action]} {_text(step.message)}{code}"

    def _name(self, component: str) -> str:
        return self.names.setdefault(component, f"p{len(self.names) + 1}")


def _status(stage: Stage) -> int | None:
    """Return the HTTP status that the stage's receiver gives or passes on."""
    passed = (_status(made.main.stage) for made in stage.awaited if made.relays)
    return stage.own_status if stage.own_status is not None else next(passed, None)


def _asked(stage: Stage) -> str:
    """Return what travels: the request where one is shown, otherwise protocol and port."""
    steps = [step for hop in stage.forward for step in hop.steps]
    found = next((text for step in steps if (text := _request(step))), "")
    return found or next((text for step in steps if (text := _packet(step))), "calls")


def _request(step: Step) -> str:
    header = step.before or step.after
    if "method" in header:
        return f"{header['method']} {header.get('path', '/')}"
    return str(header.get("action", ""))


def _packet(step: Step) -> str:
    header = step.before or step.after
    port = header.get("destination_port")
    return f"{header.get('protocol')} {port}" if port is not None else ""


def _text(text: str) -> str:
    return "".join(_ESCAPED.get(letter, letter) for letter in text)
