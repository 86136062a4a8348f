"""The door to libyaml: the parser that comes with pyyaml, written in C.

`import yaml` brings pyyaml's own loaders and dumpers, which nothing here uses and which take longer to import than a
small chart to render. A process that is chartkit and nothing else can do without them: it says so by `claim_process`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Final

_ERRORS: Final = {
    "reader": "ReaderError",
    "scanner": "ScannerError",
    "parser": "ParserError",
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
    "resolver": "ResolverError",
}
"""The modules of pyyaml written in Python of which the C one only wants the error."""

_claimed: list[bool] = []


def claim_process() -> None:
    """Say that nobody else in this process will want the whole of pyyaml."""
    _claimed.append(True)


def load_yaml() -> Any:
    """The package `yaml`: at least its errors and events, `__with_libyaml__`, and the C parser where there is one."""
    if "yaml" not in sys.modules and _claimed:
        try:
            return _load_lean()
        except Exception:
            # Another release of pyyaml may want more of itself: then it gets it.
            for name in [name for name in sys.modules if name.partition(".")[0] == "yaml"]:
                del sys.modules[name]
    import yaml

    return yaml


def _load_lean() -> ModuleType:
    """The package with only what the C parser needs."""
    from importlib import import_module
    from importlib.util import find_spec

    spec = find_spec("yaml")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("yaml")
    package = ModuleType("yaml")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["yaml"] = package
    for name in ("error", "nodes", "events", "tokens"):
        setattr(package, name, import_module(f"yaml.{name}"))
    lean: Any = package
    for name, error in _ERRORS.items():
        part: Any = ModuleType(f"yaml.{name}")
        setattr(part, error, type(error, (lean.error.MarkedYAMLError,), {}))
        setattr(lean, name, part)
    lean.YAMLError = lean.error.YAMLError
    lean._yaml = import_module("yaml._yaml")
    lean.__with_libyaml__ = True
    return package
