"""What a render takes from the outside world: time and randomness.

Everything random or time-dependent in a template goes through one `Ambient`, so that a render can be made repeatable.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from time import time_ns
from typing import TYPE_CHECKING

from chartkit.limits import DEFAULT_LIMITS, Limits
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field

if TYPE_CHECKING:
    from datetime import tzinfo


@dataclass(slots=True)
class Ambient:
    """The surroundings of one render.

    Attributes:
        profile: whose behaviour is reproduced.
        now_ns: the clock, in nanoseconds since 1970 (UTC).
        zone: the local time zone; `None` asks the system.
        random: the source of all randomness: the system's, or a seeded generator.
        limits: what the render may use.
        uses: names of the unstable functions that the render has called.
        lenient: whether `required` and `fail` let the render go on.
        refusals: what they said, in a lenient render.
    """

    profile: Profile = NEWEST
    now_ns: Callable[[], int] = time_ns
    zone: tzinfo | None = None
    random: random.Random = field(default_factory=random.SystemRandom)
    limits: Limits = DEFAULT_LIMITS
    uses: set[str] = field(default_factory=set)
    lenient: bool = False
    refusals: list[str] = field(default_factory=list)
