"""YAML as Helm reads and writes it (sigs.k8s.io/yaml, go-yaml v2 and v3): the only door to pyyaml."""

from __future__ import annotations
