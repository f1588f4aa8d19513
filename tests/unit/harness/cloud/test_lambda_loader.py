"""Lambda code is imported by path, as a cold start would."""

import sys
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

from harness.cloud.lambda_loader import HandlerNotFoundError, LambdaLoader


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "shared/__init__.py": "",
        "shared/greeting.py": "WORD = 'hello'",
        "first/index.py": (
            "from first_parts.answers import answer\n"
            "def lambda_handler(e, c): return answer()\n"
        ),
        "first/first_parts/__init__.py": "",
        "first/first_parts/answers.py": (
            "from shared.greeting import WORD\ndef answer(): return WORD\n"
        ),
        "second/index.py": "x = 1",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.fixture
def loader(root: Path) -> Iterator[LambdaLoader]:
    # The project's own `shared` may be on the path, and imported.
    own = {n: m for n, m in sys.modules.items() if n.split(".")[0] == "shared"}
    for name in own:
        del sys.modules[name]
    with LambdaLoader(root) as loader:
        yield loader
    sys.modules.update(own)


def test_a_handler_finds_its_own_package_and_shared_when_loaded(
    loader: LambdaLoader,
) -> None:
    assert loader.handler("first")({}, None) == "hello"
    assert sys.modules["lambda.first.index"].__name__ == "lambda.first.index"


def test_a_handler_is_loaded_once_when_the_container_is_warm(
    loader: LambdaLoader,
) -> None:
    assert loader.handler("first") is loader.handler("first")


def test_nothing_stays_imported_when_the_code_is_dropped(
    loader: LambdaLoader,
) -> None:
    warm = loader.handler("first")

    loader.drop()

    ours = {"lambda.first.index", "first_parts.answers", "shared.greeting"}
    assert not ours & sys.modules.keys()
    assert loader.handler("first") is not warm


@pytest.mark.parametrize("folder", ["second", "absent"])
def test_the_folder_is_named_when_it_has_no_handler(
    loader: LambdaLoader, folder: str
) -> None:
    with pytest.raises(HandlerNotFoundError, match=f"lambda/{folder}/"):
        loader.handler(folder)


def test_modules_of_others_return_when_it_is_left(root: Path) -> None:
    module = type(sys)("somebody_elses")
    module.__file__ = str(root / "shared" / "somebody_elses.py")
    sys.modules["somebody_elses"] = module

    with LambdaLoader(root):
        assert "somebody_elses" not in sys.modules

    assert sys.modules.pop("somebody_elses") is module


def test_lambda_packages_can_be_imported_only_while_it_is_entered(
    root: Path,
) -> None:
    with LambdaLoader(root):
        assert resolve_name("first_parts").__name__ == "first_parts"

    with pytest.raises(ModuleNotFoundError):
        resolve_name("first_parts")
