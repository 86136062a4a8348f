"""Helm's engine: charts compiled once, rendered many times.

It stands on the floor above `manifests`, which knows only texts: so `Rendering.text` can be all that
`helm template` prints.
"""
