"""IAM001 and IAM003: policies that give more than anybody needs."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.services.iam.properties import IamPolicyProperties, IamRoleProperties
from archtui.trace.access.documents import parse
from archtui.world.world import World

_PRACTICES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"


class WildcardPolicy(ComponentRule):
    """A policy that allows everything on everything."""

    id = "IAM001"
    title = "Wildcard action and resource"
    severity = "warning"
    class_ = "security"
    kinds = ("iam_role", "iam_policy")
    reads = ()
    why = "Whoever gets hold of the role's credentials can do everything in the account."
    fix = "List the actions and the resources that the program needs."
    sources = (_PRACTICES,)
    facts = ("iam-least-01",)
    example_bad = (
        "components:\n  app: {kind: iam_role, policies: [{Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}]}\n"
    )
    example_good = (
        "components:\n  app: {kind: iam_role, policies: "
        "[{Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}]}]}\n"
    )
    example_finds = ("app",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at each policy that is written down; AWS's own by its name."""
        for path, text in _written(component):
            if text.rpartition("/")[2] == "AdministratorAccess" or (text.startswith("{") and _allows_all(text)):
                message = f"{component.id} allows every action on every resource."
                yield self.finding(component.id, message=message, path=path)


def _written(component: Component) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(component.properties, IamPolicyProperties):
        yield ("document",), component.properties.document
    else:
        for index, text in enumerate(properties(component, IamRoleProperties).policies or ()):
            yield ("policies", index), text


def _allows_all(text: str) -> bool:
    return any(
        statement.effect == "Allow"
        and not statement.tests
        and "*" in (statement.actions or ())
        and "*" in (statement.resources or ())
        for statement in parse(text).statements
    )


class TrustsAnybody(ComponentRule):
    """A trust policy without a limit."""

    id = "IAM003"
    title = "Trust policy for any principal"
    severity = "warning"
    class_ = "security"
    kinds = ("iam_role",)
    reads = ()
    why = "Every identity of every AWS account can assume the role."
    fix = "Name the service or the role that assumes it, or add a condition."
    sources = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        _PRACTICES,
    )
    facts = ("iam_role-trust-01",)
    example_bad = (
        "components:\n  app: {kind: iam_role, trust: "
        "{Statement: [{Effect: Allow, Principal: '*', Action: 'sts:AssumeRole'}]}}\n"
    )
    example_good = (
        "components:\n  app: {kind: iam_role, trust: "
        "{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}}\n"
    )
    example_finds = ("app",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for everybody in a statement without a condition."""
        text = properties(component, IamRoleProperties).trust
        for statement in parse(text).statements if text else ():
            if statement.effect == "Allow" and not statement.tests and ("*", "*") in (statement.principals or ()):
                yield self.finding(component.id, message=f"Anybody can assume {component.id}.", path=("trust",))
