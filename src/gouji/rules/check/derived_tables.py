"""Table descriptions -> faults of derived tables: sources that are not there, columns that do not fit, shapes that make no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gouji.base.faults import Place, RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.rules.derived_table import By, Over, Take
from gouji.rules.table import Column, ColumnRole, ColumnType, Role, Table

At = Callable[..., Place]
# What places among peers are, whatever they are places of.
PLACED_AS = {By.RANK: ColumnType.COUNT, By.PERCENTILE: ColumnType.PERCENT}
Said = tuple[str, str]


def check_derived(table: Table, tables: Mapping[str, Table], place: At) -> list[RuleError]:
    """Every fault of a derived table, with the place of what is wrong."""
    if table.derived is None:
        stray = [
            (("columns", i), c.name) for i, c in enumerate(table.columns) if c.take is not None
        ]
        return [
            RuleError(
                _("“{column}”写了 take，表却没有 derived").format(column=name),
                place=place(*at),
                fix=_("去掉 take，或给表写 derived"),
            )
            for at, name in stray
        ]
    faults = [
        RuleError(what, place=place("derived"), fix=fix) for what, fix in _shape(table, tables)
    ]
    for index, column in enumerate(table.columns):
        faults += [
            RuleError(what, place=place("columns", index), fix=fix)
            for what, fix in _column(table, column, tables)
        ]
    return faults


def _shape(table: Table, tables: Mapping[str, Table]) -> Iterator[Said]:
    derived = table.derived
    assert derived is not None
    if table.form is not None or table.role is not Role.FIGURES:
        yield _("推算的表没有表样，也没有别的 role"), _("去掉 form 和 role")
    whose = {c.name for c in table.columns if c.role in (ColumnRole.UNIT, ColumnRole.YEAR)}
    if set(table.key) - whose != ({derived.key} if derived.key else set()):
        yield _("key 应为单位、年度，和 derived 写的那一列"), _("改 key 或 derived.key")
    if (table.grain == "many") != (derived.key is not None):
        yield _("grain: many 的要写 derived.key, grain: one 的不写"), _("改 grain 或 derived.key")
    for name in derived.cells:
        if name not in tables:
            yield _("没有叫“{table}”的数据表").format(table=name), did_you_mean(name, tables)
    if derived.by is None and any(
        c.take is not None and c.take.over in (Over.BELOW, Over.NAMED) for c in table.columns
    ):
        yield (
            _("over: below 和 named 要写 derived.by"),
            _("写上写着单位代码的那一列，例如 上级单位代码"),
        )


def _column(table: Table, column: Column, tables: Mapping[str, Table]) -> Iterator[Said]:
    derived, take = table.derived, column.take
    assert derived is not None
    if take is None:
        if column.numeric and column.role is None:
            yield _("“{column}”没有写 take").format(column=column.name), _("写上取自哪张表的哪一列")
        return
    if not column.numeric or column.role is not None:
        yield _("只有没有 role 的数字列可以写 take"), _("去掉 take")
    if take.significant is not None and column.exact:
        yield (
            _("“{column}”是个数，不能写 significant: 约数的尾差没有地方放").format(
                column=column.name
            ),
            _("去掉 significant，或把 type 写成 money 或 number"),
        )
    if not take.from_ and not derived.cells:
        yield _("“{column}”没有写取自哪张表").format(column=column.name), _("写上 take 的 from")
    for name in take.from_:
        source = tables.get(name)
        if source is None or source.derived is not None:
            yield (
                _("没有叫“{table}”的数据表").format(table=name),
                did_you_mean(name, [n for n, t in tables.items() if t.derived is None]),
            )
            continue
        yield from _source(table, column, take, source)
    if take.among_peers and derived.key is not None:
        yield _("by: {by} 的表每个单位一行，不写 derived.key").format(by=take.by), _("去掉 key")
    yield from _of_units(take, derived.by, tables)


def _of_units(take: Take, by: str | None, tables: Mapping[str, Table]) -> Iterator[Said]:
    """The columns that a table of units has to have, and none has."""
    below = [by] if take.over is Over.BELOW and by else []
    for name in (*take.within, *take.without, *below):
        if not any(t.column(name) for t in tables.values() if t.role is Role.UNITS):
            yield (
                _("单位的表里没有叫“{column}”的列").format(column=name),
                _("在 role: units 的表里加上这一列"),
            )


def _type_of(take: Take, source: ColumnType) -> ColumnType:
    """What a column must be that takes figures of that type."""
    if take.by is By.MEAN and source in (ColumnType.COUNT, ColumnType.SCORE):
        return ColumnType.NUMBER
    return PLACED_AS.get(take.by, source)


def _source(table: Table, column: Column, take: Take, source: Table) -> Iterator[Said]:
    derived = table.derived
    assert derived is not None
    named = [derived.by] if take.over is Over.NAMED and derived.by else []
    counted = take.by is By.COUNT or take.codes or take.above or take.names
    own = [] if counted or take.at else [take.column or column.name]
    for name in (*own, *_named(take), *named):
        if source.column(name) is None:
            yield (
                _("“{table}”没有叫“{column}”的列").format(table=source.table, column=name),
                did_you_mean(name, (c.name for c in source.columns)),
            )
    yield from _types(column, take, source, [*own, *take.at.values()])
    if counted and column.type is not ColumnType.COUNT:
        yield _wrong_type(column, ColumnType.COUNT), _("个数写 count")
    if (take.codes or take.above or take.names) and not _has_codes(source):
        yield (
            _("“{table}”没有 role: code 的列").format(table=source.table),
            _("在数据表说明里给编码列加 role: code 和 levels"),
        )
    if derived.key is not None and source.grain == "one" and not take.at:
        yield (
            _("“{table}”每个单位只有一行，要写 at").format(table=source.table),
            _("写上 at，每个键对应哪一列"),
        )


def _has_codes(table: Table) -> bool:
    """Whether a column of a table has codes with levels."""
    return any(c.role is ColumnRole.CODE for c in table.columns)


def _named(take: Take) -> list[str]:
    """The columns that a `take` names, beside the one that it takes."""
    single = (n for n in (take.per, take.called, take.key) if n)
    return [*take.at.values(), *take.where, *take.same, *single]


def _types(column: Column, take: Take, source: Table, names: Iterable[str]) -> Iterator[Said]:
    """Columns that are taken whose type does not go with the column's own."""
    for name in names:
        described = source.column(name)
        wanted = _type_of(take, described.type if described is not None else column.type)
        if described is not None and column.type is not wanted:
            yield (
                _wrong_type(column, wanted),
                _(
                    "名次写 count，百分位写 percent，个数和分的平均写 number，其他与取自的那一列相同"
                ),
            )


def _wrong_type(column: Column, wanted: ColumnType) -> str:
    return _("“{column}”的 type 应为 {wanted}").format(column=column.name, wanted=wanted)
