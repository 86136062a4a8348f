"""The outside world: the file system, the clock and other programs. Only `chartkit.cli` imports from here."""
