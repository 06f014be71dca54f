"""The functions of a module, written so that formatting, comments and docstrings make no difference."""

import ast


def functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a module, and the methods of its classes as `Class.method`."""
    found = {it.name: it for it in module.body if isinstance(it, ast.FunctionDef)}
    for made in module.body:
        if isinstance(made, ast.ClassDef):
            found |= {f"{made.name}.{it.name}": it for it in made.body if isinstance(it, ast.FunctionDef)}
    return found


def body(function: ast.FunctionDef) -> list[str]:
    """The lines of a function as `ast.unparse` writes them: its parameters, then all but the docstring."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    lines = [line for statement in statements for line in ast.unparse(statement).splitlines()]
    return [ast.unparse(function.args), *lines]
