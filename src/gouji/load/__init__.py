"""Station 1: YAML text -> RuleBook and TableSet. Knows no table by name, reads no file."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.load.book import load_rulebook, load_tables
    from gouji.load.placed import RuleBook, TableSet

__all__ = ["RuleBook", "TableSet", "load_rulebook", "load_tables"]
__getattr__ = names_of(
    __name__,
    {
        "RuleBook": "gouji.load.placed",
        "TableSet": "gouji.load.placed",
        "load_rulebook": "gouji.load.book",
        "load_tables": "gouji.load.book",
    },
)
