"""`gouji.yaml` -> Config: what is judged by which rules, when the gate opens, who is told, how long runs are kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from gouji.base.faults import RuleError, did_you_mean, raise_all
from gouji.base.i18n import _
from gouji.base.resources import book_names
from gouji.base.verdict import Severity
from gouji.rules import FrozenModel, YamlDocument, exact, read_document

Share = Annotated[Decimal, BeforeValidator(exact), Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Limit(FrozenModel):
    """How many open findings of one severity the gate lets through, counting all of them or only those that are new."""

    count: Literal["all", "new"] = "all"
    at_most: Count | None = None


class Gate(FrozenModel):
    """When the gate opens. What is waived, or in the baseline, is not counted; what was not checked never opens it."""

    findings: dict[Severity, Limit] = {
        Severity.ERROR: Limit(at_most=0),
        Severity.VERIFY: Limit(at_most=0),
    }
    unassessed_points: Share = Decimal(1)
    unassessed_tie_outs: Share = Decimal(1)
    missing_units: Count = 0
    unread_submissions: Count = 0


class Retention(FrozenModel):
    """How many of the newest runs are kept; runs that a baseline names are kept besides."""

    runs: Annotated[int, Field(ge=2)] = 400


class Notify(FrozenModel):
    """Who is told, by the addresses in an environment variable (they hold passwords), and when. Off without `addresses_from`."""

    addresses_from: str | None = None
    when: Literal["closed", "changed", "always"] = "changed"
    at_most: Annotated[int, Field(ge=1)] = 50


class Expectations(FrozenModel):
    """Great Expectations each night: whether, with which actions besides storing results, from which modules of the workspace."""

    nightly: bool = False
    actions: tuple[dict[str, Any], ...] = ()
    modules: tuple[str, ...] = ()


class Config(FrozenModel):
    """`gouji.yaml`. Paths are relative to the workspace."""

    rules: str
    schemas: str | None = None
    # Form sets that decide where a sheet may be of several.
    forms: tuple[str, ...] = ()
    submissions: str = "submissions"
    expected: str | None = None
    language: Literal["zh_CN", "en"] = "zh_CN"
    keep_inputs: bool = True
    pages_at_most: Count = 200
    batch: Annotated[int, Field(ge=1)] = 200
    gate: Gate = Gate()
    retention: Retention = Retention()
    notify: Notify = Notify()
    decisions_from: str = "GOUJI_DECISIONS_URL"
    metrics: str | None = None
    gx: Expectations = Expectations()


def read_config(file: str, text: str) -> Config:
    """Read `gouji.yaml`. Raises an ExceptionGroup of RuleError with every fault, each with file:line."""
    document = read_document(file, text)
    data = document.data if document.data is not None else {}
    try:
        return Config.model_validate(data)
    except ValidationError as faults:
        raise_all([_fault(document, dict(f)) for f in faults.errors()])
        raise


def _fault(document: YamlDocument, fault: dict[str, Any]) -> RuleError:
    path = tuple(p for p in fault["loc"] if isinstance(p, (str, int)))
    if fault["type"] == "extra_forbidden":
        what = _("没有叫“{key}”的键").format(key=path[-1])
        return RuleError(
            what, place=document.place(path), fix=did_you_mean(str(path[-1]), _keys(path[:-1]))
        )
    if fault["type"] == "missing" and path == ("rules",):
        return RuleError(
            _("没有写 rules：用哪个规则库"),
            place=document.place(()),
            fix=_("自带的有：{names}；或写规则库文件夹的路径").format(
                names="、".join(book_names())
            ),
        )
    what = _("{key}：{why}").format(key=".".join(map(str, path)) or "gouji.yaml", why=fault["msg"])
    return RuleError(what, place=document.place(path), fix=_("见 docs/nightly.md"))


def _keys(path: tuple[str | int, ...]) -> list[str]:
    below: dict[str, type[FrozenModel]] = {
        "gate": Gate,
        "retention": Retention,
        "notify": Notify,
        "gx": Expectations,
    }
    model = below.get(str(path[0])) if path else Config
    return list((Limit if len(path) > 1 else model or Config).model_fields)
