"""TableSet -> faults of table descriptions, each with file:line and a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from gouji.base.faults import Place, RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.rules.check.derived_tables import check_derived
from gouji.rules.check.form_fits import check_form, place_in_set
from gouji.rules.source_map import TableSet, YamlDocument
from gouji.rules.table import ColumnRole, ColumnType, Role, Table

NEEDED_ROLES: dict[Role, tuple[ColumnRole, ...]] = {
    Role.UNITS: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME),
    Role.FIGURES: (ColumnRole.UNIT, ColumnRole.YEAR),
    Role.SELF_SCORES: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.CRITERION, ColumnRole.SCORE),
    Role.CHECKS: (
        ColumnRole.UNIT,
        ColumnRole.YEAR,
        ColumnRole.CRITERION,
        ColumnRole.ITEM,
        ColumnRole.RESULT,
    ),
    Role.REVIEWS: (
        ColumnRole.UNIT,
        ColumnRole.YEAR,
        ColumnRole.CRITERION,
        ColumnRole.REVIEWER,
        ColumnRole.SCORE,
    ),
    Role.EXPECTED: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME),
}


def check_tables(tables: TableSet) -> list[RuleError]:
    """Faults of table descriptions: missing roles, unknown key columns, a second table with its own role."""
    faults: list[RuleError] = []
    seen: dict[Role, str] = {}
    for name, table in tables.tables.items():
        place = partial(_table_place, tables.documents.get(name), name)
        faults.extend(_check_columns(table, place))
        if table.role is not Role.FIGURES:
            if table.role in seen:
                faults.append(_second_with_role(table, seen[table.role], place("role")))
            seen[table.role] = name
        faults.extend(_check_roles(table, place("columns")))
        faults.extend(check_form(table, table.form, place))
        for form in table.printed:
            faults.extend(check_form(table, form, place_in_set(tables, table.table, form)))
        faults.extend(check_derived(table, tables.tables, place))
    if Role.UNITS not in seen:
        faults.append(
            RuleError(
                _("没有 role: units 的数据表"),
                place=Place("schemas"),
                fix=_("写一张每个单位一行的表，role: units"),
            )
        )
    return faults


def _check_columns(table: Table, place: Callable[..., Place]) -> Iterator[RuleError]:
    """Roles that its table asks for and no column has, key columns that are none, names that two columns have."""
    name = table.table
    for role in NEEDED_ROLES[table.role]:
        if not any(c.role is role for c in table.columns):
            yield RuleError(
                _("“{table}”缺少 role: {role} 的列").format(table=name, role=role),
                place=place("columns"),
                fix=_("给相应的列加 role: {role}").format(role=role),
            )
    for key in table.key:
        if table.column(key) is None:
            yield RuleError(
                _("“{table}”没有叫“{column}”的列").format(table=name, column=key),
                place=place("key"),
                fix=did_you_mean(key, (c.name for c in table.columns)),
            )
    if len({c.name for c in table.columns}) != len(table.columns):
        yield RuleError(
            _("“{table}”有两列同名").format(table=name),
            place=place("columns"),
            fix=_("改其中一列的名称"),
        )


def _second_with_role(table: Table, other: str, place: Place) -> RuleError:
    """That two tables have a role that one alone may have."""
    return RuleError(
        _("“{one}”和“{two}”都是 role: {role}").format(one=other, two=table.table, role=table.role),
        place=place,
        fix=_("只留一张"),
    )


def _table_place(document: YamlDocument | None, name: str, *path: str | int) -> Place:
    return document.place(path) if document else Place(name)


def _check_roles(table: Table, place: Place) -> list[RuleError]:
    faults = []
    for column in table.columns:
        wanted = (
            {ColumnRole.YEAR: ColumnType.COUNT, ColumnRole.SCORE: ColumnType.SCORE}.get(
                column.role, ColumnType.TEXT
            )
            if column.role
            else column.type
        )
        if column.type is not wanted:
            faults.append(
                RuleError(
                    _("“{column}”的 type 应为 {wanted}").format(column=column.name, wanted=wanted),
                    place=place,
                    fix=_("改 type"),
                )
            )
        if column.role is ColumnRole.RESULT and len(column.one_of) != 2:
            faults.append(
                RuleError(
                    _("“{column}”的 one_of 要有两个词：先具备，后不具备").format(
                        column=column.name
                    ),
                    place=place,
                    fix=_("写 one_of: [具备, 不具备]"),
                )
            )
    return faults
