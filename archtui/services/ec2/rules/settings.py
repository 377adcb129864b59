"""EC2003-EC2006: what an instance is started with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.ec2.properties import Ec2InstanceProperties, MachineProperties
from archtui.world.world import World

_USER_DATA = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"
_METADATA = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"
_KINDS = ("ec2_instance", "launch_template")

USER_DATA_LIMIT = 16 * 1024
"""Bytes of user data before it is encoded (EC2 User Guide, 'User data', fact ec2_user_data-size-01)."""

_ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|aws_secret_access_key\s*[=:]\s*\S", re.IGNORECASE)
_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b\w*(?:password|passwd|secret|api_?key|token)\w*\s*[=:]\s*[\"']?(?![\"'\s$<{(])[^\s\"']{4,}",
    re.IGNORECASE,
)
"""A literal value behind a telling name; ``$NAME``, ``$(command)``, ``<file`` and ``{{template}}`` are no secrets."""


class StaticKeys(ComponentRule):
    """Access keys in the user data of an instance."""

    id = "EC2003"
    title = "Static access keys on the instance"
    severity = "warning"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "Keys in a script leak with every copy of it and do not expire; a role's credentials rotate by themselves."
    fix = "Give the instance a role (an instance profile) and take the keys out."
    sources = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    )
    facts = ("instance_profile-static-01", "instance_profile-role-01", "ec2_user_data-secret-01")
    example_bad = (
        "components:\n  web: {kind: ec2, metadata_tokens: required, user_data: 'export AWS_SECRET_ACCESS_KEY=abc'}\n"
    )
    example_good = "components:\n  web: {kind: ec2, metadata_tokens: required, instance_profile: web}\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the shape of a key."""
        if _ACCESS_KEY.search(properties(component, MachineProperties).user_data):
            message = f"The user data of {component.id} holds access keys."
            yield self.finding(component.id, message=message, path=("user_data",))


class MetadataVersionOne(ComponentRule):
    """Instance metadata that can be read without a session token."""

    id = "EC2004"
    title = "Instance metadata version 1 is allowed"
    severity = "warning"
    class_ = "security"
    kinds = _KINDS
    why = (
        "Version 1 answers a plain GET, so a program tricked into fetching a URL hands out the role's credentials; "
        "it is allowed unless the instance, the image or the account says otherwise."
    )
    fix = "Require session tokens (version 2)."
    sources = (_METADATA,)
    facts = ("ec2_metadata-address-01", "ec2_metadata-content-01")
    example_bad = "components:\n  web: {kind: ec2}\n"
    example_good = "components:\n  web: {kind: ec2, metadata_tokens: required}\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the token setting, of the template where the instance leaves it to that."""
        machine = properties(component, MachineProperties)
        if machine.metadata_tokens == "required":
            return
        if isinstance(machine, Ec2InstanceProperties) and machine.launch_template in world.components:
            template = properties(world.components[str(machine.launch_template)], MachineProperties)
            if template.metadata_tokens == "required":
                return
        yield self.finding(component.id, message=f"{component.id} hands out its metadata without a session token.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Require tokens."""
        return (set_property(finding.subject, ("metadata_tokens",), "required"),)


class SecretInUserData(ComponentRule):
    """A password, token or private key in user data."""

    id = "EC2005"
    title = "Secret in user data"
    severity = "warning"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "User data is not protected: every program on the instance can read it from the metadata service."
    fix = "Keep the secret in Secrets Manager or Parameter Store and let the script fetch it."
    sources = (_USER_DATA, "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html")
    facts = ("ec2_user_data-secret-01", "ec2_metadata-userdata-01")
    example_bad = (
        "components:\n  web: {kind: ec2, metadata_tokens: required, user_data: 'export DB_PASSWORD=hunter22'}\n"
    )
    example_good = (
        "components:\n  web: {kind: ec2, metadata_tokens: required, "
        "user_data: 'export DB_PASSWORD=$(aws ssm get-parameter --name db)'}\n"
    )
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a literal value behind a telling name."""
        text = properties(component, MachineProperties).user_data
        if _SECRET.search(_ACCESS_KEY.sub("", text)):
            message = f"The user data of {component.id} seems to hold a secret."
            yield self.finding(component.id, message=message, path=("user_data",))


class UserDataTooLarge(ComponentRule):
    """User data above AWS's limit."""

    id = "EC2006"
    title = "User data larger than 16 KB"
    severity = "error"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "AWS refuses to launch an instance with more than 16 KB of user data."
    fix = "Fetch the script from S3, or bake it into the image."
    sources = (_USER_DATA,)
    facts = ("ec2_user_data-size-01", "ec2_user_data-time-01")
    example_bad = f"components:\n  web: {{kind: ec2, metadata_tokens: required, user_data: '{'#' * 16385}'}}\n"
    example_good = f"components:\n  web: {{kind: ec2, metadata_tokens: required, user_data: '{'#' * 16384}'}}\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Measure it."""
        size = len(properties(component, MachineProperties).user_data.encode())
        if size > USER_DATA_LIMIT:
            message = f"The user data of {component.id} has {size} bytes; {USER_DATA_LIMIT} are allowed."
            yield self.finding(component.id, message=message, path=("user_data",))
