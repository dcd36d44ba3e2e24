"""Station 3: ResolvedBook -> Plan, a SQL tree that can print itself."""

from gouji.compile.plan import Plan, compile_book

__all__ = ["Plan", "compile_book"]
