"""Whole systems that pull images in ways of their own, each in its own module or package: data and plain functions."""
