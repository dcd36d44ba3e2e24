"""Several workbooks of one unit and year, once they lie in DuckDB: rows that do not count leave their tables; which file counts, and by what rule, is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import duckdb

from gouji.base.i18n import _, clauses
from gouji.intake.ledger.parts_of_submission import Kept, Sent, decide
from gouji.intake.ledger.preferred_rows_sql import YEAR_DIGITS, prefer
from gouji.intake.ledger.several_files_sql import (
    NumberedFiles,
    any_key_in_several,
    covers_alike,
    files_in,
    sent_several,
    take_out_file,
)
from gouji.intake.ledger.submission import At, Lost, Problem, Submission, wanting
from gouji.rules import Role, Table


def set_apart(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    submission: Submission,
    home: Callable[[str], str] = lambda _file: "",
) -> Counter[str]:
    """Different workbooks of one unit and year: parts of one submission are taken together, a correction takes the place of what it corrects.

    Where that cannot be told neither is taken, for only the unit can say which one holds. Each `home` of such files is told once; returns how many rows of each were set aside.
    """
    aside = prefer(con, tables, submission, home)
    for unit, year, files in sent_several(con):
        one_home = len({home(name) for _number, name in files}) == 1
        kept = _decided(con, tables, files, unit) if one_home else None
        if kept is None:
            _tell_undecided(submission, files, unit, year, home)
        else:
            _found_elsewhere(submission, kept, files, tables)
            submission.problems += _told(kept, files, unit, year, tables)
        for number, name in files:
            aside[home(name)] += sum(
                take_out_file(con, table, number)
                for table in tables.values()
                if kept is None or not _counts(kept, number, table)
            )
    return aside


def _tell_undecided(
    submission: Submission, files: NumberedFiles, unit: str, year: str, home: Callable[[str], str]
) -> None:
    names = [name for _number, name in files]
    what = _("{unit} {year} 年报了 {n} 份不同的工作簿：{names}；都不采用").format(
        unit=unit, year=year, n=len(names), names="、".join(names)
    )
    submission.problems += [
        Problem("", At(last), what, _("只留一份，或在更正的文件名后写（更正）"), lost=Lost.SHEET)
        for last in {home(name): name for name in names}.values()
    ]
    submission.twice.append(
        (unit, int(year) if year.isdecimal() and len(year) <= YEAR_DIGITS else 0)
    )


def _counts(kept: Kept, number: int, table: Table) -> bool:
    return number == kept.cover if table.role is Role.UNITS else table.table in kept.tables[number]


def _told(
    kept: Kept, files: NumberedFiles, unit: str, year: str, tables: Mapping[str, Table]
) -> Iterator[Problem]:
    """A remark: which file counts by what rule, and which parts lie in which file."""
    for one, mark, others in kept.corrected:
        what = _(
            "{unit} {year} 年：文件名里有“{words}”，采用 {file}，不采用 {others} 里的同一张表"
        ).format(
            unit=unit,
            year=year,
            words=mark.words,
            file=one.name,
            others="、".join(other.name for other in others),
        )
        yield Problem("", At(one.name), what, "", note=True)
    parts = [(name, kept.tables[number]) for number, name in files if kept.tables[number]]
    if len(parts) > 1:
        named = clauses(
            f"{name}({'、'.join(t for t in tables if t in held)})" for name, held in parts
        )
        what = _("{unit} {year} 年的表分在 {n} 个文件里，合起来读：{files}").format(
            unit=unit, year=year, n=len(parts), files=named
        )
        yield Problem("", At(parts[0][0]), what, "", note=True)


def _found_elsewhere(
    submission: Submission, kept: Kept, files: NumberedFiles, tables: Mapping[str, Table]
) -> None:
    """A form that one file lacks and another one holds is not wanting."""
    held = set().union(*kept.tables.values())
    held |= {t.table for t in tables.values() if t.role is Role.UNITS}
    names = {name for _number, name in files}
    words = {wanting(name) for name in held}
    submission.problems = [
        p
        for p in submission.problems
        if not (p.at.file in names and p.table in held and p.what in words)
    ]


def _decided(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], files: NumberedFiles, unit: str
) -> Kept | None:
    """Which rows of the files count; None where that cannot be told."""
    sent = _what_each_holds(con, tables, files)
    shared = [
        t
        for t in tables.values()
        if sum(t.table in one.tables for one in sent) > 1 and _projects(t)
    ]
    numbers = [number for number, _name in files]
    apart = frozenset(t.table for t in shared if not any_key_in_several(con, t, numbers))
    covers = sorted(one.file for one in sent if one.covers)
    if len(covers) > 1 and covers_alike(con, tables, covers):
        sent = [replace(one, covers=one.file == covers[0]) for one in sent]
    return decide(sent, apart)


def _what_each_holds(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], files: NumberedFiles
) -> list[Sent]:
    """The files with the tables that they hold rows of, and whether a cover was printed."""
    holding: dict[int, set[str]] = {number: set() for number, _name in files}
    covers = set[int]()
    for table in tables.values():
        for number, real in files_in(con, table, holding):
            if table.role is Role.UNITS:
                covers |= {number} if real else set()
            else:
                holding[number].add(table.table)
    return [
        Sent(number, name, frozenset(holding[number]), number in covers) for number, name in files
    ]


def _projects(table: Table) -> bool:
    """Whether its rows come sheet by sheet, one project each."""
    return table.form is not None and table.form.each_sheet


__all__ = ["set_apart"]
