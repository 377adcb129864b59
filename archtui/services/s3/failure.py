"""How buckets fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed, Mechanism, Situation, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.s3.properties import ONE_ZONE, S3BucketProperties
from archtui.world.faults import Refusal, Throttled


class BucketFails(Managed, Throttled):
    """S3 keeps objects in at least three zones of a region (S3 User Guide, "Data protection in Amazon S3");
    a one-zone class in one alone."""

    refusal = Refusal("SlowDown", 503, "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
    sla = "amazon-s3"

    def goes_on(self, component: Component) -> str:
        bucket = properties_as(component, S3BucketProperties)
        return "" if bucket.storage_class in ONE_ZONE else self.goes_on_by

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        bucket = properties_as(component, S3BucketProperties)
        lost = situation.lost_zones(component.id)
        if bucket.storage_class not in ONE_ZONE or not lost:
            return ()
        text = f"The objects of {component.id} are back with their zone; if that is destroyed, they are gone."
        return (mechanism("zonal_resource", component.id, lost=lost, done=text),)


class AccessPointFails(Managed):
    """An access point works where its bucket's API does."""
