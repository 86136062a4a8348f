"""Registries and images as the OCI specifications have them: credentials, manifests, copies, layouts.

Nothing here opens a socket or runs a program: callers hand in a `Transport` and a `Runner`.
"""
