"""IAM: roles, their policies, and the profiles by which instances get them."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.iam import identity
from archtui.services.iam.properties import IamPolicyProperties, IamRoleProperties, InstanceProfileProperties
from archtui.services.policy_edits import PolicyRemedies

_SETTING = Always(Depiction("setting"))

KINDS = (
    Kind(
        name="iam_role",
        title="IAM role",
        slug="iam_role",
        family="iam",
        code="ro",
        glyph="♟",
        summary="An identity with permissions that instances, functions and services act as.",
        properties=IamRoleProperties,
        scope="global",
        aliases=("role",),
        behaviours=(identity.RoleIdentifies(), PolicyRemedies(), _SETTING),
        traces=("request",),
    ),
    Kind(
        name="iam_policy",
        title="IAM policy",
        slug="iam_policy",
        family="iam",
        code="po",
        glyph="§",
        summary="A document of permissions that roles name.",
        properties=IamPolicyProperties,
        scope="global",
        behaviours=(identity.PolicyHolds(), _SETTING),
        traces=("request",),
    ),
    Kind(
        name="instance_profile",
        title="Instance profile",
        slug="instance_profile",
        family="iam",
        code="pf",
        glyph="⚿",
        summary="What hands a role to an EC2 instance.",
        properties=InstanceProfileProperties,
        scope="global",
        behaviours=(_SETTING,),
        traces=("request",),
    ),
)
