"""A YAML text -> a document -> a value of a model. What pydantic complains of becomes RuleErrors in the author's words, each with file:line and a fix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from gouji.base.faults import RuleError, did_you_mean
from gouji.base.i18n import _, labelled
from gouji.rules.defaults import is_told
from gouji.rules.fields import kinds_of
from gouji.rules.source_map import Path_, YamlDocument
from gouji.rules.values import Frozen, key_of
from gouji.rules.yaml_text import read_document

V = TypeVar("V")


def read_yaml(name: str, text: str, faults: list[RuleError]) -> YamlDocument | None:
    """The document of a text; None where it is no YAML, which is added to `faults`."""
    try:
        return read_document(name, text)
    except* RuleError as group:
        faults.extend(f for f in group.exceptions if isinstance(f, RuleError))
    return None


def read_model(
    reader: TypeAdapter[V],
    roots: dict[str, type[Frozen]],
    document: YamlDocument,
    faults: list[RuleError],
    told: Collection[str] = (),
) -> V | None:
    """The value that a document holds; None where it does not fit, and what does not is added to `faults`. `told` are keys of which a fault that the document does not write itself has been told."""
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


def not_understood(
    inherited: Iterable[Mapping[str, Any]], reader: TypeAdapter[Any]
) -> frozenset[str]:
    """The keys of defaults that are faulty: that is told where they stand, and not again for each rule that takes them over."""
    return frozenset(
        key for one in inherited for key, value in one.items() if not _fits(reader, key, value)
    )


def _fits(reader: TypeAdapter[Any], key: str, value: Any) -> bool:
    try:
        reader.validate_python({key: value})
    except ValidationError:
        return False
    return True
