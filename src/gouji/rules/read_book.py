"""Texts of a rulebook folder -> RuleBook; texts of `schemas/` -> tables. Reads no file: the texts are handed in.

Raises one ExceptionGroup with every fault of every file, each with file:line and a fix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from gouji.base.faults import Place, RuleError, did_you_mean, raise_all
from gouji.base.i18n import _, labelled
from gouji.rules.defaults import (
    DEFAULTS,
    Defaults,
    completed,
    is_told,
    nearest_first,
    not_understood,
    of_folder,
    without_defaults,
)
from gouji.rules.fields import DEFAULTS as DEFAULTS_READER
from gouji.rules.fields import FORM_SET, HEAD, LOCATING, RULE, TABLE, kinds_of
from gouji.rules.form_sets import FormSet, decided, with_sets
from gouji.rules.locate_file import USUAL, Locating
from gouji.rules.rule import AnyRule, BookHead, Criterion, EachRow, RollUp, TieOut
from gouji.rules.source_map import Path_, RuleBook, TableSet, YamlDocument
from gouji.rules.table import Table
from gouji.rules.values import Frozen, key_of
from gouji.rules.yaml_text import read_document

HEAD_FILE, PATTERNS = "book.yaml", "text/"
LOCATING_FILE = "locate.yaml"
Texts = Mapping[str, str]
# The text among table descriptions that says which form sets decide: --forms, or `forms` of gouji.yaml.
DECIDES = "--forms"
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
    faults: list[RuleError] = []
    rules: dict[str, AnyRule] = {}
    documents: dict[str, YamlDocument] = {}
    head: BookHead | None = None
    head_document: YamlDocument | None = None
    locating: tuple[Locating | None, YamlDocument | None] = USUAL, None
    for folder in folders:
        head_file = next((name for name in folder if name.rsplit("/", 1)[-1] == HEAD_FILE), None)
        if head_file is None:
            at = Place(min(folder, default="."))
            faults.append(
                RuleError(
                    _("没有 {file}").format(file=HEAD_FILE),
                    place=at,
                    fix=_("写一个 book.yaml: 名称、年度、总分、等级"),
                )
            )
            continue
        document = _document(head_file, folder[head_file], faults)
        if document is not None:
            head, head_document = _read(HEAD, {"": BookHead}, document, faults), document
        common = _defaults(folder, document, faults)
        head_document = without_defaults(head_document)
        told = next((name for name in folder if name.rsplit("/", 1)[-1] == LOCATING_FILE), None)
        if told is not None and (document := _document(told, folder[told], faults)) is not None:
            locating = _read(LOCATING, {"": Locating}, document, faults), document
        here: set[str] = set()
        for name in sorted(folder):
            if (
                name not in (head_file, told)
                and of_folder(name) is None
                and not is_pattern(name, head_file)
                and (document := _document(name, folder[name], faults)) is not None
            ):
                inherited = nearest_first(name, *common)
                document = completed(document, inherited, KEYS)
                rule = _read(
                    RULE, ROOTS, document, faults, not_understood(inherited, DEFAULTS_READER)
                )
                if rule is None:
                    continue
                if rule.code in here:
                    faults.append(
                        RuleError(
                            _("代码 {code} 在 {other} 已用过").format(
                                code=rule.code, other=documents[rule.code].file
                            ),
                            place=document.place(("code",)),
                            fix=_("换一个没用过的代码；代码不重复使用"),
                        )
                    )
                here.add(rule.code)
                rules[rule.code], documents[rule.code] = rule, document
    raise_all(faults)
    if head is None or head_document is None:
        raise_all([RuleError(_("规则库是空的"), fix=_("检查文件夹名"))])
    assert head is not None and head_document is not None
    raise_all(_wrong_order(head, head_document, rules) if rules else [])
    return RuleBook(
        head,
        head_document,
        _ordered(head, rules),
        documents,
        locating[0] or USUAL,
        locating[1],
    )


def _defaults(
    folder: Texts, head: YamlDocument | None, faults: list[RuleError]
) -> tuple[dict[str, Any], Any]:
    """What the folders of a book, and the book itself, say for all their rules, as written."""
    found: dict[str, Any] = {}
    for name in sorted(folder):
        at = of_folder(name)
        document = None if at is None else _document(name, folder[name], faults)
        if at is not None and document is not None:
            _read(DEFAULTS_READER, {"": Defaults}, document, faults)
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
        if (document := _document(name, texts[name], faults)) is not None
        and (value := _read(reader, roots, document, faults)) is not None
    ]
    raise_all(faults)
    return made


def load_tables(texts: Texts) -> TableSet:
    """YAML texts of table descriptions and of form sets -> TableSet."""
    faults: list[RuleError] = []
    tables: dict[str, Table] = {}
    documents: dict[str, YamlDocument] = {}
    sets: dict[str, tuple[FormSet, YamlDocument]] = {}
    decides = YamlDocument(DECIDES, [], {})
    for name in sorted(texts):
        document = _document(name, texts[name], faults)
        if document is None:
            continue
        if name == DECIDES:
            decides = document
            continue
        if isinstance(document.data, dict) and "set" in document.data:
            _form_set(document, sets, faults)
            continue
        table = _read(TABLE, {"": Table}, document, faults)
        if table is None:
            continue
        if table.table in tables:
            faults.append(
                RuleError(
                    _("数据表“{table}”在 {other} 已写过").format(
                        table=table.table, other=documents[table.table].file
                    ),
                    place=document.place(("table",)),
                    fix=_("合并成一个文件"),
                )
            )
        tables[table.table], documents[table.table] = table, document
    raise_all(faults)
    tables, faults = with_sets(tables, sets)
    raise_all(faults)
    tables, faults = decided(tables, sets, decides.data, decides.place(()))
    raise_all(faults)
    return TableSet(tables, documents, sets)


def _form_set(
    document: YamlDocument, sets: dict[str, tuple[FormSet, YamlDocument]], faults: list[RuleError]
) -> None:
    one = _read(FORM_SET, {"": FormSet}, document, faults)
    if one is None:
        return
    if one.set in sets:
        faults.append(
            RuleError(
                _("表样“{name}”在 {other} 已写过").format(
                    name=one.set, other=sets[one.set][1].file
                ),
                place=document.place(("set",)),
                fix=_("合并成一个文件，或换一个名称"),
            )
        )
    sets[one.set] = one, document


def _document(name: str, text: str, faults: list[RuleError]) -> YamlDocument | None:
    try:
        return read_document(name, text)
    except* RuleError as group:
        faults.extend(f for f in group.exceptions if isinstance(f, RuleError))
    return None


def _read(
    reader: TypeAdapter[V],
    roots: dict[str, type[Frozen]],
    document: YamlDocument,
    faults: list[RuleError],
    told: Collection[str] = (),
) -> V | None:
    """A document's value; `told` are keys of which a fault that the document does not write itself has been told."""
    try:
        return reader.validate_python(document.data)
    except ValidationError as error:
        found = [d for d in error.errors() if not is_told(document, d["loc"], roots, told)]
        faults.extend(_fault(document, detail, roots) for detail in found)
    return None


def _fault(
    document: YamlDocument, detail: ErrorDetails, roots: dict[str, type[Frozen]]
) -> RuleError:
    """One pydantic complaint as a RuleError in the author's words."""
    path = tuple(detail["loc"])
    key = str(path[-1]) if path else ""
    what, fix = _wording(detail, key, path, roots)
    return RuleError(what, place=document.place(_in_file(document, path, roots)), fix=fix)


def _in_file(document: YamlDocument, path: Path_, roots: dict[str, type[Frozen]]) -> Path_:
    """Pydantic puts the tag of a union member into its path; the file does not."""
    at: Path_ = ()
    for part in _walked(path, roots)[1]:
        if at + (part,) in document.lines:
            at += (part,)
    return at


def _walked(path: Path_, roots: dict[str, type[Frozen]]) -> tuple[list[type[Frozen]], Path_]:
    """The models at the end of a path, and the path without the tags of union members."""
    at, plain = list(roots.values()), list[str | int]()
    for part in path:
        tagged = [m for m in at if isinstance(part, str) and _tag(m) == part]
        if len(at) > 1 and tagged:
            # A tag may be called as a key is: `bands` of `kind: bands`.
            at = tagged
            continue
        plain.append(part)
        if isinstance(part, str):
            at = [m for model in at for m in _models_of(model, part)] or at
    return at, tuple(plain)


def _wording(
    detail: ErrorDetails, key: str, path: Path_, roots: dict[str, type[Frozen]]
) -> tuple[str, str]:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _("没有“{key}”这个键").format(key=key), did_you_mean(
                key, _known_keys(path, roots)
            )
        case "missing":
            return _("缺少“{key}”").format(key=key), _(
                "补上这个键；gouji rules schema 列出每个键的含义"
            )
        case "literal_error" | "enum":
            return (
                _("“{key}”不能是 {value}").format(key=key, value=detail["input"]),
                _("可用的有：{names}").format(
                    names=context.get("expected", "")
                    .replace(" or ", ", ")
                    .replace(", ", "、")
                    .replace("'", "")
                ),
            )
        case "union_tag_invalid" | "union_tag_not_found":
            tags = str(
                context.get("expected_tags", "criterion, tie_out, each_row, roll_up")
            ).replace("'", "")
            return _("kind 缺少或不认识"), _("可用的有：{names}").format(names=tags)
        case "less_than" | "less_than_equal" | "greater_than" | "greater_than_equal":
            return _bound(key, detail)
        case "value_error":
            return _broken(key, context, roots)
        case "string_pattern_mismatch":
            return _("“{key}”的写法不对：{value}").format(key=key, value=detail["input"]), _(
                "代码是大写字母加数字（C14），名称不含空格和标点"
            )
        case kind:
            return _shape(kind, key, detail["msg"]), _("gouji rules schema 列出每个键的类型")


def _shape(kind: str, key: str, said: str) -> str:
    """What is wrong where a value is of another kind: a list for a text, a text for a number."""
    match kind.removesuffix("_type").removesuffix("_parsing"):
        case "model" | "model_attributes" | "dict" | "dataclass" | "mapping" if not key:
            return _("文件是空的，或者不是一行一个“键: 值”")
        case "model" | "model_attributes" | "dict" | "dataclass" | "mapping":
            return _("“{key}”要写成“键: 值”").format(key=key)
        case "list" | "tuple" | "set" | "frozen_set":
            return _("“{key}”要写成列表：[…]，或者一行一个“- …”").format(key=key)
        case "string":
            return _("“{key}”要写一段文字；像数或日期的加引号").format(key=key)
        case "int" | "int_from_float" | "decimal" | "float":
            return _("“{key}”要写一个数").format(key=key)
        case "bool":
            return _("“{key}”要写 true 或 false").format(key=key)
    return _("“{key}”不对：{why}").format(key=key, why=said)


def _bound(key: str, detail: ErrorDetails) -> tuple[str, str]:
    """That a number is out of bounds, and what it must be."""
    context = detail.get("ctx", {})
    forms = {
        "lt": _("要小于 {end}"),
        "le": _("不能大于 {end}"),
        "gt": _("要大于 {end}"),
        "ge": _("不能小于 {end}"),
    }
    fix = next((form.format(end=context[k]) for k, form in forms.items() if k in context), "")
    return _("“{key}”不能是 {value}").format(key=key, value=detail["input"]), fix


def _broken(
    key: str, context: Mapping[str, Any], roots: Mapping[str, type[Frozen]]
) -> tuple[str, str]:
    """What a value says of itself; of a whole rule no key is named."""
    whose = "" if key in roots or not key else labelled(key, "")
    return f"{whose}{context['error']}", _("按上面的写法补上或改正")


def _known_keys(path: Path_, roots: dict[str, type[Frozen]]) -> list[str]:
    """The keys that may stand where the last part of `path` stands: walks the models along the path."""
    return [key_of(name) for model in _walked(path[:-1], roots)[0] for name in kinds_of(model)]


def _models_of(model: type[Frozen], name: str) -> list[type[Frozen]]:
    return next(
        (_inner(kind) for field, kind in kinds_of(model).items() if name in (field, key_of(field))),
        [],
    )


def _inner(annotation: Any) -> list[type[Frozen]]:
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _inner(part)]


def _tag(model: type[Frozen]) -> str:
    kind: Any = getattr(model, "__dataclass_fields__").get("kind")  # noqa: B009
    return str(kind.default) if kind else ""
