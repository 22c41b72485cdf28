"""Plugs: packages in which every module offers the same well-known name."""

import importlib
import pkgutil


class BrokenPlug(Exception):
    """A module of a plug package cannot be used; the process must not start with it."""


def load_plugs(package: str, name: str) -> dict[str, object]:
    """Import every public module of a package and return its well-known object by module name.

    A module that fails to import or lacks the name stops the start with `BrokenPlug`. Modules whose name
    begins with an underscore, and `base`, are not plugs.
    """
    root = importlib.import_module(package)
    found: dict[str, object] = {}
    for info in pkgutil.iter_modules(root.__path__):
        if info.ispkg or info.name == "base" or info.name.startswith("_"):
            continue
        try:
            found[info.name] = getattr(importlib.import_module(f"{package}.{info.name}"), name)
        except Exception as error:
            message = f"{package}/{info.name}.py offers no {name}: {error}"
            raise BrokenPlug(message) from error
    return found
