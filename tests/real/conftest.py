"""Makes the registries and images of this folder known to its tests."""

from __future__ import annotations

import sys
from pathlib import Path

# The tests are imported by path; what they share lies beside them.
sys.path.insert(0, str(Path(__file__).parent))

from faults import faulty  # noqa: E402
from images import image_layout, push_image, raw_manifest, skopeo  # noqa: E402
from registries import (  # noqa: E402
    identity,
    open_registry,
    password_registry,
    start_registry,
    tls_registry,
    token_registry,
)

__all__ = [
    "faulty",
    "identity",
    "image_layout",
    "open_registry",
    "password_registry",
    "push_image",
    "raw_manifest",
    "skopeo",
    "start_registry",
    "tls_registry",
    "token_registry",
]
