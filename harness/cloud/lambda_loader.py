"""Import Lambda code by path, as a cold start would.

This is the one place that touches `sys.path` and `sys.modules`.
"""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Self

Handler = Callable[[Any, Any], Any]


class HandlerNotFoundError(Exception):
    """A Lambda folder holds no `index.lambda_handler`."""

    def __init__(self, folder: str, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"lambda/{folder}/index.py: {reason}")


class LambdaLoader:
    """Loads the handlers of a folder of Lambdas, each once per cold start.

    While it is entered, the Lambda root and every Lambda folder that
    holds a package are on the path, and modules imported from there by
    others are set aside, so that a Lambda always runs a module of its
    own cold start and never a client that somebody else made.
    """

    def __init__(self, root: Path) -> None:
        """Prepare a loader.

        Args:
            root: Folder with one folder per Lambda, and `shared`.
        """
        self._root = root.resolve()
        self._below_root = f"{self._root}{os.sep}"
        self._handlers: dict[str, Handler] = {}
        self._set_aside: dict[str, ModuleType] = {}
        self._added: list[str] = []

    def __enter__(self) -> Self:
        self._set_aside = self._take_modules()
        wanted = [str(path) for path in self._paths()]
        self._added = [path for path in wanted if path not in sys.path]
        sys.path[:0] = self._added
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()
        for path in self._added:
            sys.path.remove(path)
        sys.modules.update(self._set_aside)

    def handler(self, folder: str) -> Handler:
        """Give a Lambda's handler, imported now if this is a cold start.

        Raises:
            HandlerNotFoundError: The folder has no such handler.
        """
        if folder not in self._handlers:
            self._handlers[folder] = self._load(folder)
        return self._handlers[folder]

    def drop(self) -> None:
        """Forget all Lambda code: the next invocation is a cold start."""
        self._handlers.clear()
        self._take_modules()

    def _load(self, folder: str) -> Handler:
        module = self._import(folder, self._root / folder / "index.py")
        handler = getattr(module, "lambda_handler", None)
        if handler is None:
            raise HandlerNotFoundError(folder, "no lambda_handler")
        return handler  # type: ignore[no-any-return]

    def _import(self, folder: str, path: Path) -> ModuleType:
        name = f"lambda.{folder}.index"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None or not path.is_file():
            raise HandlerNotFoundError(folder, "no such file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return module

    def _paths(self) -> list[Path]:
        packages = self._root.glob("*/*/__init__.py")
        folders = {path.parent.parent for path in packages}
        return [self._root, *sorted(folders - {self._root / "shared"})]

    def _take_modules(self) -> dict[str, ModuleType]:
        ours = {
            name: module
            for name, module in list(sys.modules.items())
            if self._is_ours(module)
        }
        for name in ours:
            del sys.modules[name]
        return ours

    def _is_ours(self, module: ModuleType) -> bool:
        # Each reset asks this of thousands of modules; most have a file.
        file: str | None = getattr(module, "__file__", None)
        if file:
            return file.startswith(self._below_root)
        places = getattr(module, "__path__", ())
        return any(place.startswith(self._below_root) for place in places)
