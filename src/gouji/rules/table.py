"""Table descriptions (`schemas/*.yaml`): which figures a submission may hold, in which unit and with how many places."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from gouji.base.i18n import _
from gouji.rules.derived_table import Derived, Over, Take
from gouji.rules.form import Form
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field


class ColumnType(StrEnum):
    """What a column holds, and so in which base unit it is kept (money 元, percent and number 1)."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    SCORE = "score"
    TEXT = "text"
    # Texts from which other columns of the row are read.
    TARGET = "target"
    REACHED = "reached"


class Role(StrEnum):
    """What gouji itself reads from a table, beyond the figures that rules name."""

    UNITS = "units"
    FIGURES = "figures"
    SELF_SCORES = "self_scores"
    CHECKS = "checks"
    REVIEWS = "reviews"
    EXPECTED = "expected"


class ColumnRole(StrEnum):
    """What gouji itself reads from a column of a table with a role."""

    UNIT = "unit"
    YEAR = "year"
    UNIT_NAME = "unit_name"
    OTHER_CODE = "other_code"
    CRITERION = "criterion"
    SCORE = "score"
    ITEM = "item"
    RESULT = "result"
    REVIEWER = "reviewer"
    CODE = "code"


# Base-unit value of 1 in the printed unit. Money is kept in 元, percents as shares of 1.
UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "1": Decimal(1),
    "分": Decimal(1),
    "万": Decimal(10_000),
    "人": Decimal(1),
    "个": Decimal(1),
    "户": Decimal(1),
    "辆": Decimal(1),
    "件": Decimal(1),
    "宗": Decimal(1),
    "例": Decimal(1),
    "平方米": Decimal(1),
    "万平方米": Decimal(10_000),
    "批次": Decimal(1),
    "人次": Decimal(1),
    "项": Decimal(1),
}
MONEY_UNITS = ("元", "百元", "千元", "万元", "十万元", "百万元", "千万元", "亿元")
RATES = ("%", "‰")
# Decimal places kept in the base unit; exact types carry no rounding of their own.
KEPT_PLACES = {
    ColumnType.MONEY: 2,
    ColumnType.PERCENT: 6,
    ColumnType.NUMBER: 4,
    ColumnType.COUNT: 0,
    ColumnType.DATE: 0,
    ColumnType.SCORE: 2,
}
# Digits before the point that a figure may have: 10 万亿元, a million-fold share, …
WHOLE_DIGITS = {
    ColumnType.MONEY: 13,
    ColumnType.PERCENT: 6,
    ColumnType.NUMBER: 12,
    ColumnType.COUNT: 12,
    ColumnType.DATE: 7,
    ColumnType.SCORE: 4,
}
TEXTS = (ColumnType.TEXT, ColumnType.TARGET, ColumnType.REACHED)
# A date is the number of its day (`expression.day_numbers`).
EXACT_TYPES = (ColumnType.COUNT, ColumnType.SCORE, ColumnType.DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Frozen):
    """One column: `unit` and `places` are how the form prints it unless the submission says otherwise.

    `null: zero`: a printed cell left blank is zero. `unprinted: zero`: so it is where the form does not print the line at all; otherwise there
    is no figure then.
    `levels`, `total` and `words` belong to a `role: code`: lengths of codes from the top level down, the word in the total row, words that
    stand in rows outside the hierarchy. `take` belongs to a derived table: what its figures are made of.
    A `target` (“≥95%”) and what was `reached` `give` other columns of the row what they hold: column -> sign, number, most (the upper end of a range), unit
    or word; where these were sent themselves they stay. `like`: the target that something reached belongs to; `bare`: the sign of a target without one.
    """

    name: Annotated[str, Field(pattern=r"^[^\s.\"'`#,()（）\[\]{}]+$")]
    label: str | None = None
    type: ColumnType
    unit: str | None = None
    places: Annotated[int, Field(ge=-8, le=6)] | None = None
    null: Literal["allowed", "never", "zero"] = "allowed"
    unprinted: Literal["missing", "zero"] = "missing"
    role: ColumnRole | None = None
    levels: tuple[Annotated[int, Field(ge=1, le=30)], ...] = ()
    total: str | None = None
    words: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    take: Take | None = None
    gives: dict[str, Literal["sign", "number", "most", "unit", "word"]] = field(
        default_factory=dict
    )
    like: str | None = None
    bare: Literal["≥", "≤", "="] | None = None
    units: tuple[str, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        if self.unit is not None and self.unit not in UNITS:
            raise ValueError(
                _("计量单位“{unit}”不认识；可用：{units}").format(
                    unit=self.unit, units="、".join(UNITS)
                )
            )
        if (self.type is ColumnType.MONEY) != (self.unit in MONEY_UNITS):
            raise ValueError(
                _("金额列（money）要写计量单位（{units}），其他列不能写").format(
                    units="、".join(MONEY_UNITS)
                )
            )
        if self.type is ColumnType.DATE and (self.unit, self.places, self.null == "zero") != (
            None,
            None,
            False,
        ):
            raise ValueError(_("date 的列没有 unit、places 和 null: zero"))
        self._code_fits()
        self._target_fits()

    def _target_fits(self) -> None:
        if bool(self.gives) != (self.type in (ColumnType.TARGET, ColumnType.REACHED)):
            raise ValueError(_("target 和 reached 的列要写 gives（给哪几列什么），其他列不能写"))
        if (self.like is not None) != (self.type is ColumnType.REACHED):
            raise ValueError(_("reached 的列要写 like（对着哪个目标），其他列不能写"))
        if self.bare is not None and self.type is not ColumnType.TARGET:
            raise ValueError(_("bare 只用于 target 的列"))

    def _code_fits(self) -> None:
        if self.null == "zero" and (not self.numeric or self.role is not None):
            raise ValueError(_("null: zero 只用于没有 role 的数字列"))
        if self.unprinted == "zero" and self.null != "zero":
            raise ValueError(_("unprinted: zero 要和 null: zero 一起写"))
        if (self.role is ColumnRole.CODE) != bool(self.levels):
            raise ValueError(_("role: code 的列要写 levels（各级编码的位数），其他列不能写"))
        if self.role is not ColumnRole.CODE and (self.total is not None or self.words):
            raise ValueError(_("total 和 words 只用于 role: code 的列"))
        if any(a >= b for a, b in zip(self.levels, self.levels[1:], strict=False)):
            raise ValueError(_("levels 要从上级到下级，位数逐级变长"))
        if any(word.isdecimal() for word in (self.total or "", *self.words) if word):
            raise ValueError(_("total 和 words 是文字，不是编码"))

    @property
    def numeric(self) -> bool:
        """Whether rules can calculate with it."""
        return self.type not in TEXTS

    @property
    def dated(self) -> bool:
        """Whether it holds dates, as numbers of days."""
        return self.type is ColumnType.DATE

    @property
    def exact(self) -> bool:
        """Whether a printed figure is the figure itself (counts, scores), not a rounding of it."""
        return self.type in EXACT_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Frozen):
    """One table: `grain: one` has at most one row a unit and year, `many` has any number, told apart by `key`.

    A `derived` table is sent by nobody; its rows are worked out from other tables. `printed`: how others print it than `form` says; `only`: the sets
    whose forms count, where that is said. `unasked`: columns that give others of which no rule of the book reads any (filled in with the book).
    """

    table: Annotated[str, Field(pattern=r"^[^\s.\"'`#,()（）\[\]{}]+$")]
    label: str | None = None
    grain: Literal["one", "many"]
    role: Role = Role.FIGURES
    key: tuple[str, ...]
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    form: Form | None = None
    printed: tuple[Form, ...] = ()
    only: tuple[str, ...] = ()
    derived: Derived | None = None
    note: str | None = None
    unasked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for column in self.columns:
            for name, what in column.gives.items():
                given = self.column(name)
                wanted = ColumnType.NUMBER if what in ("number", "most") else ColumnType.TEXT
                if given is None or given.type is not wanted:
                    raise ValueError(
                        _("“{column}”的 gives 写了“{name}”，要有这一列，type 是 {type}").format(
                            column=column.name, name=name, type=wanted
                        )
                    )
            if column.like is not None and (
                (of := self.column(column.like)) is None or of.type is not ColumnType.TARGET
            ):
                raise ValueError(
                    _("“{column}”的 like 要写一列 type: target").format(column=column.name)
                )

    @property
    def forms(self) -> tuple[Form, ...]:
        """Every way it is printed, its own first; where it is said which sets decide (`only`), those of these sets."""
        every = ((self.form,) if self.form is not None else ()) + self.printed
        return tuple(form for form in every if form.of in self.only) if self.only else every

    @property
    def sources(self) -> tuple[str, ...]:
        """Of a derived table the tables that its figures come from."""
        taken = (name for c in self.columns if c.take is not None for name in c.take.from_)
        return tuple(dict.fromkeys((*(self.derived.cells if self.derived else ()), *taken)))

    @property
    def asked_for(self) -> str:
        """What a unit would have to send to have rows here: the table itself, or what a derived one comes from."""
        return "、".join(self.sources) or self.table

    @property
    def across(self) -> bool:
        """Whether figures of other units go into it."""
        return any(c.take is not None and c.take.over is not Over.OWN for c in self.columns)

    @property
    def row_key(self) -> tuple[str, ...]:
        """The columns that tell a unit's rows of one year apart."""
        whose = {c.name for c in self.columns if c.role in (ColumnRole.UNIT, ColumnRole.YEAR)}
        return tuple(name for name in self.key if name not in whose)

    def source_of(self, name: str) -> str:
        """The column whose text gives a column what it holds, else the column itself."""
        return next((c.name for c in self.columns if name in c.gives), name)

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    def with_role(self, role: ColumnRole) -> Column:
        """The column with that role. Raises KeyError when the table has none (validate refuses such tables)."""
        found = next((c for c in self.columns if c.role is role), None)
        if found is None:
            raise KeyError(role)
        return found


def half_place(column: Column) -> Fraction:
    """Half of the last printed place, in the base unit, as the table description has it."""
    if column.exact:
        return Fraction(0)
    unit = (
        Fraction(UNITS[column.unit])
        if column.unit
        else (Fraction(1, 100) if column.type == "percent" else Fraction(1))
    )
    places = (
        column.places
        if column.places is not None
        else (2 if column.type in ("money", "percent") else 0)
    )
    return unit / Fraction(10) ** places / 2
