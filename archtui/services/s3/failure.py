"""How buckets fail: not with a zone."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import Managed, Mechanism, Situation, behind, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.s3.properties import ONE_ZONE, S3BucketProperties
from archtui.world.faults import Lags, Refusal, Throttled
from archtui.world.world import World


class BucketFails(Managed, Throttled, Lags):
    """S3 keeps objects in at least three zones of a region (S3 User Guide, "Data protection in Amazon S3");
    a one-zone class in one alone."""

    refusal = Refusal("SlowDown", 503, "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
    sla = "amazon-s3"

    def copies(self, component: Component, world: World) -> bool:
        """Replication copies objects asynchronously to another bucket."""
        bucket = properties_as(component, S3BucketProperties)
        return bucket.versioning and bool(bucket.replication)

    def crosses(self, component: Component, world: World) -> tuple[str, ...]:
        bucket = properties_as(component, S3BucketProperties)
        names = [component.id, *(rule.to for rule in bucket.replication if rule.to in world.components)]
        regions = {world.placement(name).region for name in names}
        return tuple(sorted(regions)) if len(regions) > 1 and self.copies(component, world) else ()

    def goes_on(self, component: Component) -> str:
        bucket = properties_as(component, S3BucketProperties)
        return "" if bucket.storage_class in ONE_ZONE else self.goes_on_by

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        bucket = properties_as(component, S3BucketProperties)
        lost = situation.lost_zones(component.id)
        if bucket.storage_class in ONE_ZONE and lost and component.id not in situation.condition.down:
            text = f"The objects of {component.id} are back with their zone; if that is destroyed, they are gone."
            return (mechanism("zonal_resource", component.id, lost=lost, done=text),)
        if situation.is_down(component.id) or situation.world.placement(component.id).region in (
            situation.condition.regions
        ):
            return tuple(self._copies(component, bucket, situation))
        return ()

    @staticmethod
    def _copies(component: Component, bucket: S3BucketProperties, situation: Situation) -> Iterator[Mechanism]:
        """Yield the turn to each copy that still works; what was not copied yet is lost until the region is back."""
        for rule in bucket.replication:
            if not bucket.versioning or situation.is_down(rule.to):
                continue
            name = "s3.replication_time_control" if rule.time_control else "s3.replication"
            part = f" of what begins with {rule.prefix}" if rule.prefix else ""
            text = f"Applications read the copy {rule.to}{part} in place of {component.id}."
            yield behind(mechanism(name, component.id, lost=(component.id,), done=text), situation, component.id)


class AccessPointFails(Managed):
    """An access point works where its bucket's API does."""
