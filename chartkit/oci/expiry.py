"""When a password ends, for those that say it themselves: tokens of the form JWT, and Amazon's passwords for ECR."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from json import loads
from typing import Any

_PADDING = "==="


def expires_at(password: str) -> int | None:
    """The second since 1970 at which a password ends; `None` if it does not say."""
    header, _, rest = password.partition(".")
    payload, _, signature = rest.partition(".")
    is_jwt = header and payload and signature
    moment = _field(payload, "exp") if is_jwt else _field(password, "expiration")
    return int(moment) if type(moment) in (int, float) and 0 < moment < 1 << 40 else None


def _field(text: str, name: str) -> Any:
    """A field of the JSON behind base64, be it that of URLs or the other."""
    try:
        content = loads(a2b_base64(text.replace("-", "+").replace("_", "/") + _PADDING))
    except (Base64Error, ValueError, RecursionError):
        return None
    return content.get(name) if isinstance(content, dict) else None
