"""The version of chartkit."""

__version__ = "0.1.0"
