"""A rule file that is being written -> a book of this one rule, whatever the other files of its book are like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts
from gouji.base.faults import DataError
from gouji.base.i18n import _

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook, RuleBook

HEAD = "book.yaml"


def is_rule_file(name: str) -> bool:
    """Whether a rule was named by its file."""
    return name.endswith((".yaml", ".yml"))


def preview(
    file: str, rules: str | Path | None = None, schemas: str | Path | None = None
) -> tuple[ResolvedBook, str]:
    """The book of one rule file and the code of the rule; its head is that of the book whose folder the file lies in, else of `rules`.

    Raises DataError where there is no such file, an ExceptionGroup of RuleError with every fault of the file and of the head.
    """
    from gouji.rules import DEFAULTS_FILE, load_rulebook, load_tables, validate

    path = Path(file)
    if not path.is_file():
        raise DataError(_("没有 {file}").format(file=file), fix=_("写规则文件的路径，或规则的代码"))
    around = next((p for p in path.resolve().parents if (p / HEAD).is_file()), None)
    given = book_texts(around or rules, schemas)
    own = given.rules[-1]
    head = {n: t for n, t in own.items() if n.rsplit("/", 1)[-1] in (HEAD, DEFAULTS_FILE)}
    # Named as in its book, so that the defaults of its folder reach it.
    name = next((n for n, t in own.items() if Path(n).resolve() == path.resolve()), file)
    book = load_rulebook({**head, name: path.read_text("utf-8")})
    return validate(_alone(book), load_tables(given.schemas)), next(iter(book.rules))


def _alone(book: RuleBook) -> RuleBook:
    """The book with a head that asks nothing of other rules."""
    from gouji.rules import Criterion

    ((code, rule),) = book.rules.items()
    total = book.head.total
    if isinstance(rule, Criterion) and rule.adjust is None:
        rule, total = replace(rule, set=()), rule.weight
    head = replace(book.head, total=total, groups=(), caps=(), sets=None, includes=(), order=())
    return replace(book, head=head, rules={code: rule})
