"""A rule file that is being written -> a book of this one rule, whatever the other files of its book are like."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts
from gouji.base.faults import DataError
from gouji.base.i18n import _

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook, RuleBook

HEAD = "book.yaml"
_SCORE = re.compile(r"得分\s*[(（]\s*([A-Z]{1,3}[0-9]{2,4})\s*[)）]")
_CODE = re.compile(r"^code:\s*[\"']?([A-Z]{1,3}[0-9]{2,4})", re.MULTILINE)


def is_rule_file(name: str) -> bool:
    """Whether a rule was named by its file."""
    return name.endswith((".yaml", ".yml"))


def preview(
    file: str, rules: str | Path | None = None, schemas: str | Path | None = None
) -> tuple[ResolvedBook, str]:
    """The book of one rule file and the code of the rule; its head is that of the book whose folder the file lies in, else of `rules`.
    Rules whose scores it reads are taken from that book too.

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
    text = path.read_text("utf-8")
    others = {n: t for texts in given.rules for n, t in texts.items()}
    book = load_rulebook({**head, **_read_by(text, others), name: text})
    code = next(code for code, document in book.documents.items() if document.file == name)
    return validate(_alone(book), load_tables(given.schemas)), code


def _read_by(text: str, others: dict[str, str]) -> dict[str, str]:
    """The other files of rules whose scores a rule reads (得分(C01)), and those that these read."""
    found: dict[str, str] = {}
    wanted = set(_SCORE.findall(text))
    for name, other in others.items():
        code = _CODE.search(other)
        if code is not None and code[1] in wanted:
            left = {n: t for n, t in others.items() if n != name}
            found |= {name: other} | _read_by(other, left)
    return found


def _alone(book: RuleBook) -> RuleBook:
    """The book with a head that asks nothing of rules that are not here."""
    from gouji.rules import Criterion

    rules = {
        code: replace(rule, set=()) if isinstance(rule, Criterion) and not rule.adjust else rule
        for code, rule in book.rules.items()
    }
    counted = [r.weight for r in rules.values() if isinstance(r, Criterion) and not r.adjust]
    total = sum(counted, Decimal(0)) if counted else book.head.total
    head = replace(book.head, total=total, groups=(), caps=(), sets=None, includes=(), order=())
    return replace(book, head=head, rules=rules)
