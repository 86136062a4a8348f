"""Web addresses that others wrote: taken apart and joined without a complaint from Python about a broken one.

A broken address has neither scheme nor host here, so that whoever needs these refuses it in words of its own.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit


def split_url(url: str) -> SplitResult:
    """The parts of an address; of a broken one only the path, which is all of it."""
    try:
        parts = urlsplit(url)
        # Python looks at the port only when it is asked for it.
        _ = parts.port
    except ValueError:
        return SplitResult("", "", url, "", "")
    return parts


def join_url(base: str, link: str) -> str:
    """The address that a link means, seen from another address; a broken link stays as it is."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link
