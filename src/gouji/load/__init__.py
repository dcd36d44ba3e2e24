"""Station 1: YAML text -> RuleBook and TableSet. Knows no table by name, reads no file."""

from gouji.load.book import RuleBook, TableSet, load_rulebook, load_tables

__all__ = ["RuleBook", "TableSet", "load_rulebook", "load_tables"]
