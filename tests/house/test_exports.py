"""What packages offer is written down exactly."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["dehusk", "dehusk_server.cli"])
def test_all_is_exact(name: str) -> None:
    """``__all__`` names everything public that the package holds besides its modules, and nothing more."""
    module = importlib.import_module(name)
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    defined = {
        alias.asname or alias.name
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dehusk.")
        for alias in node.names
    } | {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}

    assert {each for each in defined if not each.startswith("_")} == set(module.__all__)


@pytest.mark.parametrize("name", ["dehusk", "dehusk_server.cli"])
def test_all_can_be_had(name: str) -> None:
    """Every name in ``__all__`` exists, once."""
    module = importlib.import_module(name)

    assert [each for each in module.__all__ if not hasattr(module, each)] == []
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("package", ["client/dehusk", "server/dehusk_server"])
def test_packages_say_that_they_are_typed(package: str) -> None:
    """Both packages carry ``py.typed``, so that callers' type checkers read them."""
    assert (ROOT / package / "py.typed").is_file()


def test_errors_of_the_client_are_all_exported() -> None:
    """Whatever the client raises can be caught by a name from ``dehusk``."""
    errors = importlib.import_module("dehusk.errors")
    raised = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.DehuskError) and value.__module__ == errors.__name__
    }

    assert raised <= set(importlib.import_module("dehusk").__all__)
