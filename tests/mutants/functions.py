"""The functions of a module, normalized so that formatting, comments and docstrings make no difference."""

import ast


def functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module, and the methods of its classes as `Class.method`."""
    found = {it.name: it for it in module.body if isinstance(it, ast.FunctionDef)}
    for made in module.body:
        if isinstance(made, ast.ClassDef):
            found |= {f"{made.name}.{it.name}": it for it in made.body if isinstance(it, ast.FunctionDef)}
    return found


def body(function: ast.FunctionDef) -> list[str]:
    """Return the lines of a function by `ast.unparse`: its parameters, then its body without the docstring."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    lines = [line for statement in statements for line in ast.unparse(statement).splitlines()]
    return [ast.unparse(function.args), *lines]
