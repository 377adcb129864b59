"""What a property means: the docstring below it in the source, read when somebody asks and not at every start."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


def described(model: type[BaseModel], name: str) -> str:
    """Return what the property ``name`` means as one line of plain text, without the marks of its docstring."""
    return " ".join(property_docs(model).get(name, "").replace("``", "").split())


@cache
def property_docs(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the docstrings of a model's properties, inherited ones included, by the properties' names."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= _module_docs(base.__module__).get(base.__qualname__, {})
    return {name: text for name, text in found.items() if name in model.model_fields}


@cache
def _module_docs(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the docstrings of a module's annotated names, by the class's qualified name."""
    return dict(_class_docs(ast.parse(inspect.getsource(sys.modules[module])), ""))


def _class_docs(node: ast.AST, prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            name = f"{prefix}{child.name}"
            yield name, dict(_attribute_docs(child.body))
            yield from _class_docs(child, f"{name}.")


def _attribute_docs(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for named, text in pairwise(body):
        if (
            isinstance(named, ast.AnnAssign)
            and isinstance(named.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            yield named.target.id, inspect.cleandoc(text.value.value)
