"""What is said of credentials that expire."""

from __future__ import annotations

from datetime import UTC, datetime

from chartkit.adapters.clock import system_clock
from chartkit.checks.docker_config import why_short_lived
from chartkit.oci.credential import Credential
from chartkit.oci.expiry import expires_at

_SECOND = 1_000_000_000


def expiry(server: str, credential: Credential) -> tuple[str, bool]:
    """What to say of credentials for a server that expire, and whether they have; nothing for others."""
    moment = expires_at(credential.password)
    if moment is None:
        usual = why_short_lived(server, credential.username)
        return (f"the credentials for {server} expire: {usual}" if usual else ""), False
    at = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if moment * _SECOND <= system_clock()():
        return f"the credentials for {server} expired at {at}", True
    return f"the credentials for {server} expire at {at}", False
