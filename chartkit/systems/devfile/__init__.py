"""Devfile stacks and registries: where their images stand, how they move to a registry behind an air gap.

    locations -> document (YAML, schema 2.0 to 2.3) -> places (images, with their roles) -> relocation, plan
                                                    -> remote (what still needs the network)

The images of a devfile stand in its components, in the manifests and Dockerfiles that components name, and in the
overrides of its parent. Files are read here and written by the command line.
"""

from __future__ import annotations
