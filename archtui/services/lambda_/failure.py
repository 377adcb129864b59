"""How functions fail: not with a zone, AWS runs them over all of a region's."""

from __future__ import annotations

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.trace.interface import Waits
from archtui.world.faults import HasQuotas, Quota, Refusal, Throttled


class FunctionFails(Managed, Throttled, HasQuotas, Waits):
    """Lambda runs a function in several zones (Lambda Developer Guide, "Resilience in AWS Lambda")."""

    refusal = Refusal("TooManyRequestsException", 429, "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html")
    quotas = (
        Quota(
            "lambda-concurrency",
            "Concurrent executions of the account's functions in the region",
            "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
            refuses=True,
        ),
    )

    def exempt(self, component: Component, quota: Quota) -> bool:
        """Concurrency reserved for a function, or provisioned, is taken out of what all others share."""
        settings = properties_as(component, LambdaFunctionProperties)
        return bool(settings.reserved_concurrency or settings.provisioned_concurrency)

    def patience(self, component: Component) -> float | None:
        """A function is stopped at its timeout, whatever it waits for."""
        return properties_as(component, LambdaFunctionProperties).timeout
