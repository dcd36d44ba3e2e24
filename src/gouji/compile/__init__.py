"""Station 3: ResolvedBook -> Plan, a SQL tree that can print itself."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.compile.plan import Plan, compile_book

__all__ = ["Plan", "compile_book"]
__getattr__ = names_of(
    __name__, {"Plan": "gouji.compile.plan", "compile_book": "gouji.compile.plan"}
)
