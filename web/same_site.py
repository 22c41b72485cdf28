"""Forms are sent by our own pages only."""

from urllib.parse import urlsplit

from fastapi import Request

from core.errors import Forbidden
from core.settings import Settings


class OtherSite(Forbidden):
    """The form was sent by a page of another site."""

    code = "other_site"


def demand(request: Request, settings: Settings) -> None:
    """Raise OtherSite for a form that another site has sent, as the browser says.

    `Sec-Fetch-Site` is what current browsers say wherever the way is safe (HTTPS, or this machine); else `Origin`,
    which they hide as `null` from pages without a referrer, such as ours. Programs send neither.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        origin = request.headers.get("origin")
        ours = origin is None or origin == "null" or _host(origin) in {request.url.netloc, _host(settings.public_url)}
    if not ours:
        raise OtherSite


def _host(url: str) -> str:
    return urlsplit(url).netloc
