"""Frozen values that are made as quickly as others.

A frozen dataclass sets each field of a new value by a call, because it forbids itself to assign; that is three times as
slow, and it is most of what a rule costs. The checker and the plain engine make millions of values. So a new value is a
draft while its fields are assigned, of a class that forbids nothing, and frozen before anybody else sees it.
"""

from dataclasses import fields
from typing import TypeVar

T = TypeVar("T")


def quick(frozen: type[T]) -> type[T]:
    """The same frozen dataclass with slots, whose values are made in less than half the time."""
    names = [field.name for field in fields(frozen)]  # type: ignore[arg-type]  # it is a dataclass
    draft = type(frozen.__name__, (), {"__slots__": names})  # the same slots, so that a value may become the other
    scope = {"frozen": frozen, "draft": draft, "become": object.__setattr__}
    assign = [f"self.{name} = {name}" for name in names]
    lines = [f"def __init__(self, {', '.join(names)}):", 'become(self, "__class__", draft)', *assign]
    exec("\n    ".join([*lines, "self.__class__ = frozen"]), scope)
    init, slow = scope["__init__"], frozen.__init__
    for what in ("__defaults__", "__annotations__", "__qualname__", "__module__"):
        setattr(init, what, getattr(slow, what))
    frozen.__init__ = init  # type: ignore[assignment]
    return frozen
