"""A folder -> which kind of results it holds, and its Results: what a bulk audit wrote (Parquet files or one DuckDB file), or a kept run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.verdict import Ground
from gouji.results import wide_layout as w
from gouji.results.findings import differs_sql
from gouji.results.results import Connection, Results
from gouji.results.rows_by_rule import RuleRow

DATABASE, PAGE, MANIFEST, GATE = "gouji.duckdb", "audit.json", "manifest.json", "gate.json"
# The tables of a kept run: those of its members are in no other folder.
KEPT = "members.parquet"
BY_GROUND = {ground: f"by_{ground.value}" for ground in Ground}


class FolderKind(StrEnum):
    """What a folder holds, or that it holds no results."""

    BULK = "bulk"
    KEPT_RUN = "kept run"
    PAGE = "page"
    NONE = "none"


def kind_of(path: Path) -> FolderKind:
    """Told by the files that each kind has and no other: a kept run has scorecards as a bulk audit has, and of few units a page too."""
    if (path / MANIFEST).is_file() and (path / KEPT).is_file():
        return FolderKind.KEPT_RUN
    outcomes = (path / "scorecards.parquet").is_file() and (path / "outcomes").is_dir()
    if outcomes or (path / DATABASE).is_file():
        return FolderKind.BULK
    if path.is_file() or (path / PAGE).is_file():
        return FolderKind.PAGE
    return FolderKind.NONE


def of_folder(folder: Path, rules: tuple[RuleRow, ...]) -> Results:
    """The results that a bulk audit under those rules wrote. Raises DataError when laid out, where the files are not those of the rules."""

    def lay(con: Connection, before: str) -> None:
        if (folder / DATABASE).is_file():
            held = w.quoted(f"{before}kept")
            con.execute(f"ATTACH {w.literal(str(folder / DATABASE))} AS {held} (READ_ONLY)")
            sources = {name: f"{held}.{name}" for name in ("scorecards", "outcomes")}
        else:
            files = {"scorecards": "scorecards.parquet", "outcomes": "outcomes/*.parquet"}
            sources = {
                name: f"read_parquet({w.literal(str(folder / file))})"
                for name, file in files.items()
            }
        outcomes = w.quoted(before + "outcomes")
        con.execute(f"CREATE TEMP VIEW {outcomes} AS FROM {sources['outcomes']}")
        _check(columns_of(con, outcomes), rules)
        there = columns_of(con, sources["scorecards"])
        con.execute(
            f"CREATE TEMP VIEW {w.quoted(before + 'cards')} AS SELECT {whole_card(there)} FROM {sources['scorecards']}"
        )

    return Results(rules, lay)


def whole_card(there: Collection[str]) -> str:
    """Every column of a scorecard: a book of relations alone scores nothing, and has no columns for it."""
    return ", ".join(
        f"{w.quoted(name)}::{kind} AS {w.quoted(name)}"
        if name in there
        else f"{w.NOTHING.get(name, 'NULL')}::{kind} AS {w.quoted(name)}"
        for name, kind in w.CARD.items()
    )


def columns_of(con: Connection, source: str) -> list[str]:
    """The columns of a relation."""
    return [str(row[0]) for row in con.execute(f"DESCRIBE FROM {source}").fetchall()]


def _check(there: Collection[str], rules: Iterable[RuleRow]) -> None:
    lacking = [rule.code for rule in rules if rule.code + w.VERDICT not in there]
    if lacking:
        raise DataError(
            _("结果里没有 {columns}").format(
                columns="、".join(code + w.VERDICT for code in lacking[:6])
            ),
            fix=_("用 --rules 指明审核时用的规则库"),
        )


def of_kept_run(run: Path, rules: tuple[RuleRow, ...]) -> Results:
    """The results that a night kept, of format 1 too, under the rules that it kept."""

    def lay(con: Connection, before: str) -> None:
        files = {
            name: f"read_parquet({w.literal(str(run / f'{name}.parquet'))})"
            for name in ("scorecards", "outcomes")
        }
        con.execute(
            f"CREATE TEMP TABLE {w.quoted(before + 'outcomes')} AS {_wide(files['outcomes'], rules)}"
        )
        there = columns_of(con, files["scorecards"])
        con.execute(
            f"CREATE TEMP VIEW {w.quoted(before + 'cards')} AS {_cards(files['scorecards'], there)}"
        )

    return Results(rules, lay)


def _wide(source: str, rules: Iterable[RuleRow]) -> str:
    """Outcomes, a row per unit."""
    words = " ".join(f"WHEN '{g.value}' THEN {w.literal(word)}" for g, word in w.GROUNDS.items())
    differs = differs_sql("verdict", "ground", "score", "self_score")
    made = {
        w.VERDICT: "verdict",
        w.POINTS: "score",
        w.LEAST: "low",
        w.MOST: "high",
        w.OWN: "self_score",
        w.RESTS_ON: f"CASE ground {words} END",
        w.DIFFERS: f"({differs})",
    }
    cells = [
        f"any_value({column}) FILTER (WHERE code = {w.literal(rule.code)}) AS {w.quoted(rule.code + end)}"
        for rule in rules
        for end, column in made.items()
        if rule.code + end in w.columns_of(rule)
    ]
    return f"SELECT unit AS {w.quoted(w.UNIT)}, {', '.join(cells)} FROM {source} GROUP BY unit"


def _cards(source: str, there: Collection[str]) -> str:
    """Scorecards under their wide names; an older run has no points on contested figures, and no grade of the unit's own scores."""
    kept = {
        w.UNIT: "unit",
        w.NAME: "name",
        w.SCORE: "score",
        w.LOW: "low",
        w.HIGH: "high",
        w.SELF: "self_score",
        w.GRADE: "grade",
        w.GRADE_LOW: "grade_low",
        w.GRADE_HIGH: "grade_high",
        w.OWN_GRADE: "own_grade",
        **{word: BY_GROUND[ground] for ground, word in w.GROUNDS.items()},
    }
    made = (
        f"{kept[name] if kept[name] in there else w.NOTHING.get(name, 'NULL')}::{kind} AS {w.quoted(name)}"
        for name, kind in w.CARD.items()
    )
    return f"SELECT {', '.join(made)} FROM {source}"
