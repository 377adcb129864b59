"""IAM002 and KMS003: calls that the design draws and that no policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, Rule
from archtui.model.component import Link
from archtui.services.iam.rules.accounts import one_sided
from archtui.trace import codes
from archtui.trace.access.gate import Comes, passed
from archtui.trace.message import Endpoint, Message
from archtui.trace.permission import ActsAs, GuardsWay
from archtui.world.steps import Action, Hop, Step
from archtui.world.world import World

_LOGIC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
_DESIGN = """\
components:
  files: {kind: s3_bucket%s}
  cmk: {kind: kms_key, rotation: true}
  app: {kind: iam_role, policies: [%s]}
  fn: {kind: lambda_function, role: app}
links:
  - {from: fn, to: files, action: 's3:GetObject'}
"""


def _allowing(*actions: str) -> str:
    listed = ", ".join(f"'{action}'" for action in actions)
    return (
        f"{{Statement: [{{Effect: Allow, Action: [{listed}], Resource: ['arn:aws:s3:::files/*', 'arn:aws:kms:*']}}]}}"
    )


class _Refused(Rule):
    """A call of a link that is refused on whichever way it takes."""

    kinds = ("iam_role", "kms_key")
    reads = EVERYTHING
    refusals: frozenset[str] = frozenset()

    def check(self, world: World) -> Iterator[Finding]:
        """Ask the policies about every link of what acts as a role; what one of two accounts allows is IAM005's."""
        for link in world.links:
            if one_sided(link, world) is not None:
                continue
            denials = [_denial(link, hops, world) for hops in _ways(link, world)]
            first = denials[0] if denials else None
            if first is not None and all(denials) and first.code in self.refusals and first.decided_by:
                yield self.finding(first.decided_by.component, link.source, message=first.message)


def _ways(link: Link, world: World) -> Iterator[tuple[Hop, ...]]:
    """Yield what may stand in the way: nothing, or one of the VPC's endpoints."""
    source = world.components.get(link.source)
    acts = source.kind.behaviour(ActsAs) if source else None
    if source is None or acts is None or link.target not in world.components or acts.role(source, world) is None:
        return
    yield ()
    vpcs = {world.placement(source.id).vpc} | {world.placement(name).vpc for name in source.targets}
    for kind, guards in world.with_behaviour(GuardsWay):
        for endpoint in world.of_kind(kind.name):
            if guards.vpc(endpoint) in vpcs:
                yield (Hop(endpoint.id, endpoint.kind.name, ()),)


def _denial(link: Link, hops: tuple[Hop, ...], world: World) -> Step | None:
    message = Message(link.protocol, 443, called=True, action=link.action)
    comes = Comes(world.components[link.target], message, Endpoint(link.source), "", hops, carried=False)
    steps = (step for each in passed(comes, world).hops for step in each.steps)
    return next((step for step in steps if step.action is Action.DENY), None)


class CallNotAllowed(_Refused):
    """A call that no policy of the caller's role allows."""

    id = "IAM002"
    title = "Edge needs a permission nobody grants"
    severity = "error"
    class_ = "security"
    why = "What no statement allows is denied: the call gets 403, although the network lets it through."
    fix = "Add a statement with this action and this resource to the role."
    sources = (_LOGIC,)
    facts = ("iam_policy-default-deny-01",)
    example_bad = _DESIGN % ("", _allowing("s3:PutObject"))
    example_good = _DESIGN % ("", _allowing("s3:GetObject"))
    example_finds = ("app", "fn")
    refusals = frozenset(
        {codes.IAM_IMPLICIT_DENY, codes.IAM_BOUNDARY_DENY, codes.IAM_SCP_DENY, codes.IAM_ROLE_NOT_TRUSTED}
    )


class KeyNotAllowed(_Refused):
    """A store that may be read, encrypted with a key that may not be used."""

    id = "KMS003"
    title = "Consumer may not use the key of its data"
    severity = "error"
    class_ = "reachability"
    why = "Reading encrypted data needs the key too: access is denied although the store allows it."
    fix = "Allow the key's use in the role or the key policy, or add a grant."
    sources = ("https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",)
    facts = ("kms-policy-01",)
    example_bad = _DESIGN % (", kms_key: cmk", _allowing("s3:GetObject"))
    example_good = _DESIGN % (", kms_key: cmk", _allowing("s3:GetObject", "kms:Decrypt"))
    example_finds = ("app", "fn")
    refusals = frozenset({codes.KMS_ACCESS_DENIED})
