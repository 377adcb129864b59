"""What S3 answers for an object that is missing, archived, or asked for at the website endpoint."""

from __future__ import annotations

from fnmatch import fnmatchcase

from archtui.model.component import Component
from archtui.services.events import accepted, refused
from archtui.services.regional import RegionalApi, region_of
from archtui.services.s3.properties import ARCHIVED, S3BucketProperties
from archtui.trace import codes
from archtui.trace.interface import Reception, hop
from archtui.trace.message import Http
from archtui.world.world import World

WEBSITE = ".s3-website"


class BucketApi(RegionalApi):
    """A bucket has a name of its own, and another one for its website (S3 User Guide, 'Website endpoints')."""

    def __init__(self) -> None:
        super().__init__("s3", host="{id}.s3.{region}.amazonaws.com", also=(80,))

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        website = f"{component.id}{WEBSITE}-{region_of(component, world)}.amazonaws.com".lower()
        return (*super().names(component, world), website)


def answered(component: Component, bucket: S3BucketProperties, http: Http) -> Reception | None:
    """Return the answer to a read that is not simply the object; None: it is."""
    if WEBSITE in http.host:
        found = _website(component, bucket, http)
        if found is not None:
            return found
    if http.method not in ("GET", "HEAD"):
        return None
    if bucket.storage_class in ARCHIVED:
        text = f"The objects of {component.id} are archived ({bucket.storage_class}): restore one first, "
        text += f"{ARCHIVED[bucket.storage_class]} by standard retrieval."
        step = refused(component, codes.S3_OBJECT_ARCHIVED, text, "storage_class")
        return Reception((hop(component, step),), status=403)
    return _missing(component, bucket, http)


def _website(component: Component, bucket: S3BucketProperties, http: Http) -> Reception | None:
    """Source: S3 User Guide, 'Key differences between a website endpoint and a REST API endpoint'."""
    website = bucket.website
    if website is None:
        text = f"{component.id} has no website configuration (NoSuchWebsiteConfiguration)."
        return Reception((hop(component, refused(component, codes.S3_NO_WEBSITE, text, "website")),), status=404)
    if http.scheme == "https":
        text = f"The website endpoint of {component.id} speaks plain HTTP alone; put CloudFront before it for HTTPS."
        step = refused(component, codes.S3_WEBSITE_HTTP_ONLY, text, "website")
        return Reception((hop(component, step),), refused=True)
    if website.redirect_to:
        text = f"{component.id} sends every request to {website.redirect_to}."
        step = accepted(component, text, "website", "redirect_to")
        return Reception((hop(component, step),), status=301, redirect=f"http://{website.redirect_to}{http.path}")
    return None


def _missing(component: Component, bucket: S3BucketProperties, http: Http) -> Reception | None:
    """Return 404 for a missing object, or 403 where the reader may not know that it is missing (S3 API Reference,
    GetObject: with s3:ListBucket 404, without it 403)."""
    name = http.path.lstrip("/")
    if WEBSITE in http.host and bucket.website and (not name or name.endswith("/")):
        name += bucket.website.index
    if bucket.objects is None or not name or any(fnmatchcase(name, pattern) for pattern in bucket.objects):
        return None
    shown = bucket.website.error if WEBSITE in http.host and bucket.website else ""
    page = f" The page is {shown}." if shown else ""
    if bucket.readers_may_list:
        step = refused(component, codes.S3_NO_SUCH_KEY, f"{component.id} has no object {name}.{page}", "objects")
        return Reception((hop(component, step),), status=404)
    text = f"{component.id} has no object {name}; who may not list it gets Access Denied.{page}"
    return Reception(
        (hop(component, refused(component, codes.S3_MISSING_DENIED, text, "readers_may_list")),), status=403
    )
