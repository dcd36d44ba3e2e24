"""Texts of a rulebook folder -> RuleBook. Reads no file: the texts are handed in.

Raises one ExceptionGroup with every fault of every file, each with file:line and a fix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from gouji.base.faults import Place, RuleError, did_you_mean, raise_all
from gouji.base.i18n import _
from gouji.rules.defaults import (
    DEFAULTS,
    Defaults,
    completed,
    nearest_first,
    of_folder,
    without_defaults,
)
from gouji.rules.fields import DEFAULTS as DEFAULTS_READER
from gouji.rules.fields import HEAD, LOCATING, RULE, kinds_of
from gouji.rules.locate_file import USUAL, Locating
from gouji.rules.read_model import not_understood, read_model, read_yaml
from gouji.rules.rule import AnyRule, BookHead, Criterion, EachRow, RollUp, TieOut
from gouji.rules.source_map import RuleBook, YamlDocument
from gouji.rules.values import Frozen, key_of

HEAD_FILE, PATTERNS = "book.yaml", "text/"
LOCATING_FILE = "locate.yaml"
Texts = Mapping[str, str]
V = TypeVar("V")
ROOTS: dict[str, type[Frozen]] = {
    "criterion": Criterion,
    "tie_out": TieOut,
    "each_row": EachRow,
    "roll_up": RollUp,
}


KEYS = {kind: tuple(map(key_of, kinds_of(model))) for kind, model in ROOTS.items()}


def load_rulebook(*folders: Texts) -> RuleBook:
    """Folders of YAML texts (file name -> text), included books first -> RuleBook; a later rule overrides by code, a later `locate.yaml` the earlier one."""
    book = _BookParts()
    for folder in folders:
        book.add(folder)
    return book.whole()


class _BookParts:
    """What the folders of a book say. What a later one says goes before what an earlier one said."""

    def __init__(self) -> None:
        self.faults: list[RuleError] = []
        self.rules: dict[str, AnyRule] = {}
        self.documents: dict[str, YamlDocument] = {}
        self.head: BookHead | None = None
        self.head_document: YamlDocument | None = None
        self.locating: tuple[Locating | None, YamlDocument | None] = USUAL, None

    def add(self, folder: Texts) -> None:
        """Take over the head, the rules and what tells files apart, with what is wrong in them."""
        head_file, locating_file = (_called(name, folder) for name in (HEAD_FILE, LOCATING_FILE))
        if head_file is None:
            self.faults.append(_no_head(folder))
            return
        document = read_yaml(head_file, folder[head_file], self.faults)
        if document is not None:
            self.head = read_model(HEAD, {"": BookHead}, document, self.faults)
            self.head_document = document
        common = _defaults(folder, document, self.faults)
        self.head_document = without_defaults(self.head_document)
        if locating_file is not None:
            self._locate(locating_file, folder[locating_file])
        here: set[str] = set()
        for name in sorted(folder):
            if name not in (head_file, locating_file) and _is_rule(name, head_file):
                found = read_yaml(name, folder[name], self.faults)
                if found is not None:
                    inherited = nearest_first(name, *common)
                    broken = not_understood(inherited, DEFAULTS_READER)
                    self._rule(completed(found, inherited, KEYS), here, broken)

    def _locate(self, name: str, text: str) -> None:
        document = read_yaml(name, text, self.faults)
        if document is not None:
            made = read_model(LOCATING, {"": Locating}, document, self.faults)
            self.locating = made, document

    def _rule(self, document: YamlDocument, here: set[str], broken: Collection[str]) -> None:
        """Take over one rule; `here`: the codes that its folder has used; `broken`: what it takes over of its folders and is told there."""
        rule = read_model(RULE, ROOTS, document, self.faults, broken)
        if rule is None:
            return
        if rule.code in here:
            self.faults.append(_used_twice(rule.code, document, self.documents[rule.code]))
        here.add(rule.code)
        self.rules[rule.code], self.documents[rule.code] = rule, document

    def whole(self) -> RuleBook:
        """The book. Raises what was wrong, if anything was."""
        raise_all(self.faults)
        if self.head is None or self.head_document is None:
            raise_all([RuleError(_("规则库是空的"), fix=_("检查文件夹名"))])
        assert self.head is not None and self.head_document is not None
        if self.rules:
            raise_all(_wrong_order(self.head, self.head_document, self.rules))
        rules, (locating, document) = _ordered(self.head, self.rules), self.locating
        return RuleBook(
            self.head, self.head_document, rules, self.documents, locating or USUAL, document
        )


def _called(file: str, folder: Texts) -> str | None:
    """The name with its path of a file in a folder."""
    return next((name for name in folder if name.rsplit("/", 1)[-1] == file), None)


def _is_rule(name: str, head_file: str) -> bool:
    """Whether a file holds a rule: neither what a folder says for all its rules, nor how report texts are read."""
    return of_folder(name) is None and not is_pattern(name, head_file)


def _no_head(folder: Texts) -> RuleError:
    return RuleError(
        _("没有 {file}").format(file=HEAD_FILE),
        place=Place(min(folder, default=".")),
        fix=_("写一个 book.yaml: 名称、年度、总分、等级"),
    )


def _used_twice(code: str, document: YamlDocument, other: YamlDocument) -> RuleError:
    return RuleError(
        _("代码 {code} 在 {other} 已用过").format(code=code, other=other.file),
        place=document.place(("code",)),
        fix=_("换一个没用过的代码；代码不重复使用"),
    )


def _defaults(
    folder: Texts, head: YamlDocument | None, faults: list[RuleError]
) -> tuple[dict[str, Any], Any]:
    """What the folders of a book, and the book itself, say for all their rules, as written."""
    found: dict[str, Any] = {}
    for name in sorted(folder):
        at = of_folder(name)
        document = None if at is None else read_yaml(name, folder[name], faults)
        if at is not None and document is not None:
            read_model(DEFAULTS_READER, {"": Defaults}, document, faults)
            found[at] = document.data
    return found, head.data.get(DEFAULTS) if head is not None and isinstance(
        head.data, dict
    ) else None


def _wrong_order(
    head: BookHead, document: YamlDocument, rules: Mapping[str, AnyRule]
) -> list[RuleError]:
    """Codes in `order` that no rule has, or that stand there twice."""
    return [
        RuleError(
            _("order 里的 {code} 没有这条规则，或写了两次").format(code=code),
            place=document.place(("order", at)),
            fix=did_you_mean(code, (c for c in rules if c not in head.order)),
        )
        for at, code in enumerate(head.order)
        if code not in rules or code in head.order[:at]
    ]


def _ordered(head: BookHead, rules: Mapping[str, AnyRule]) -> dict[str, AnyRule]:
    """Rules in the order that the head gives, those that it does not name behind them by their codes."""
    place = {code: at for at, code in enumerate(head.order)}
    return dict(sorted(rules.items(), key=lambda one: (place.get(one[0], len(place)), one[0])))


def is_pattern(name: str, head_file: str) -> bool:
    """Whether a file of a rulebook's folder tells how its report texts are read, and is no rule.

    >>> is_pattern("rules/a/text/items.yaml", "rules/a/book.yaml"), is_pattern("text/a/r.yaml", "text/a/book.yaml")
    (True, False)
    """
    return name.startswith(head_file.removesuffix(HEAD_FILE) + PATTERNS)


def read_values(
    texts: Texts, reader: TypeAdapter[V], roots: dict[str, type[Frozen]]
) -> list[tuple[V, YamlDocument]]:
    """YAML texts -> a value each, in the order of their names. Raises an ExceptionGroup of RuleError with every fault."""
    faults: list[RuleError] = []
    made = [
        (value, document)
        for name in sorted(texts)
        if (document := read_yaml(name, texts[name], faults)) is not None
        and (value := read_model(reader, roots, document, faults)) is not None
    ]
    raise_all(faults)
    return made
