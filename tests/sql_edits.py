"""Where a program changes SQL as text after it was printed, read off its syntax tree.

A statement may be put whole into another one (`CREATE TABLE … AS it`, `FROM (it)`); nothing may be taken from it or changed in it.
"""

import ast
import re

# What hands out statements: the printer, `.sql(…)` of a tree, a grouping or a plan, and the texts that a plan holds.
PRINTER, STATEMENTS = "gouji.plan.engine.printing", {"figures", "judged", "usual", "statement"}
EDITS = {
    *("replace", "removeprefix", "removesuffix", "strip", "lstrip", "rstrip", "split", "rsplit"),
    *("partition", "rpartition", "splitlines", "translate", "format", "title", "upper", "lower"),
}
# What stands right before a statement that is put whole into another one.
BEFORE_A_STATEMENT = re.compile(r"(\bAS |\(|\) |\bWITH .* |\bINSERT INTO \S+ )$")
# Stands for what is filled in, while the text before a statement is read.
FILLED = "…"


def prints(tree):
    """The names under which a module has the printer."""
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == PRINTER
        for name in node.names
        if name.name == "printed"
    }


class Edits(ast.NodeVisitor):
    """The lines of a module in which a statement is edited. Follows a statement through the names that it is given in one function."""

    def __init__(self, tree):
        self.printers, self.carrying, self.place, self.found = prints(tree), set(), "", []
        self.visit(tree)

    def is_statement(self, node):
        match node:
            case ast.Name(name):
                return name in self.carrying
            case ast.Call(ast.Name("str"), [one]):
                return self.is_statement(one)
            case ast.Call(ast.Name(name)):
                return name in self.printers
            case ast.Call(ast.Attribute(_, "sql")):
                return True
            case ast.Attribute(ast.Name("plan") | ast.Attribute(_, "plan"), name):
                return name in STATEMENTS
            case ast.IfExp(_, one, other):
                return self.is_statement(one) or self.is_statement(other)
        return False

    def visit_FunctionDef(self, node):
        before = self.carrying, self.place
        self.carrying, self.place = set(), node.name
        self.generic_visit(node)
        self.carrying, self.place = before

    def note(self, node):
        self.found.append((node.lineno, self.place))

    def visit_Assign(self, node):
        self.generic_visit(node)
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for name, value in pairs:
                if isinstance(name, ast.Name) and self.is_statement(value):
                    self.carrying.add(name.id)

    def visit_NamedExpr(self, node):
        self.generic_visit(node)
        if self.is_statement(node.value):
            self.carrying.add(node.target.id)

    def visit_AugAssign(self, node):
        if self.is_statement(node.target) or self.is_statement(node.value):
            self.note(node)
        self.generic_visit(node)

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(value, name) if name in EDITS and self.is_statement(value):
                self.note(node)
            case ast.Attribute(_, "sub" | "subn") if any(map(self.is_statement, node.args)):
                self.note(node)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if self.is_statement(node.value):
            self.note(node)
        self.generic_visit(node)

    def visit_BinOp(self, node):
        if isinstance(node.op, (ast.Add, ast.Mod)):
            for side in (node.left, node.right):
                if self.is_statement(side):
                    self.note(node)
        self.generic_visit(node)

    def visit_JoinedStr(self, node):
        before = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                before += part.value
                continue
            whole = part.format_spec is None and BEFORE_A_STATEMENT.search(before)
            if self.is_statement(part.value) and not whole:
                self.note(node)
            before += FILLED
        self.generic_visit(node)


def edits(text):
    """(line, function) of every edit of a statement in the text of a module."""
    return Edits(ast.parse(text)).found
