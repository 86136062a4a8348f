"""`python -m chartkit`."""

from __future__ import annotations

import sys

from chartkit.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
