"""AWS Elastic Beanstalk: environments, which expand to the parts that Beanstalk builds."""

from archtui.model.kinds import Kind
from archtui.services.beanstalk import expand, layout, trace
from archtui.services.beanstalk.properties import BeanstalkEnvironmentProperties
from archtui.services.connecting import Connections

KINDS = (
    Kind(
        name="beanstalk_environment",
        title="Elastic Beanstalk environment",
        slug="elastic_beanstalk",
        family="beanstalk",
        code="be",
        glyph="❖",
        summary="An application's machines with the balancer or the queue that Beanstalk builds around them.",
        properties=BeanstalkEnvironmentProperties,
        scope="vpc",
        aliases=("beanstalk",),
        failure_modes=("instance", "az"),
        traces=("dns", "packet", "request", "event"),
        behaviours=(
            trace.EnvironmentBehaviour(),
            expand.ENVIRONMENT_STARTS,
            expand.ExpandsEnvironment(),
            layout.DepictsEnvironment(),
            Connections("archtui.services.ec2", "SCALING_GROUP"),
        ),
    ),
)
