"""Names of the wide layout of results, a row per unit: what bulk audits write and every other kind of results is laid out as, and the long layout as a query over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gouji.base.sql_names import literal as literal
from gouji.base.sql_names import quoted as quoted
from gouji.base.verdict import Ground
from gouji.results.findings import fails_sql
from gouji.results.rows_by_rule import RuleRow

UNIT, NAME = "单位代码", "单位名称"
SCORE, LOW, HIGH, SELF = "得分", "得分下限", "得分上限", "自评合计"
GRADE, GRADE_LOW, GRADE_HIGH, OWN_GRADE = "等级", "等级下限", "等级上限", "自评等级"
# What points rest on, as a scorecard and a criterion name it.
GROUNDS: Mapping[Ground, str] = {
    Ground.FIGURES: "数据复核",
    Ground.EVIDENCE: "佐证评审",
    Ground.CONTESTED: "有疑",
    Ground.WORD: "仅凭自评",
    Ground.OPEN: "未定",
}
# Behind the code of a rule.
VERDICT, POINTS, LEAST, MOST, OWN, RESTS_ON, DIFFERS = (
    ".结论",
    ".得分",
    ".下限",
    ".上限",
    ".自评",
    ".依据",
    ".自评不符",
)
# A row per finding.
RULE, KIND, DEGREE = "规则", "类型", "级别"
# The columns of a scorecard with their types; a book of relations alone has no points.
CARD: Mapping[str, str] = {
    UNIT: "VARCHAR",
    NAME: "VARCHAR",
    **dict.fromkeys((SCORE, LOW, HIGH, SELF), "DECIMAL(9,2)"),
    **dict.fromkeys((GRADE, GRADE_LOW, GRADE_HIGH, OWN_GRADE), "VARCHAR"),
    **dict.fromkeys(GROUNDS.values(), "DECIMAL(9,2)"),
}
# What stands for a column that a book of relations alone does not have.
NOTHING = {name: "0" for name in (SCORE, LOW, HIGH, *GROUNDS.values())}
# The long layout: a row per unit and rule.
LONG = (
    "unit",
    "code",
    "verdict",
    "score",
    "low",
    "high",
    "self_score",
    "ground",
    "found",
)


def columns_of(rule: RuleRow) -> dict[str, str]:
    """The wide columns of one rule that every kind of results has, with their types."""
    if rule.kind == "tie_out":
        return {rule.code + VERDICT: "VARCHAR"}
    points = dict.fromkeys((rule.code + end for end in (POINTS, LEAST, MOST, OWN)), "DECIMAL(9,2)")
    return {
        rule.code + VERDICT: "VARCHAR",
        **points,
        rule.code + RESTS_ON: "VARCHAR",
        rule.code + DIFFERS: "BOOLEAN",
    }


def long_rows(source: str, rules: Iterable[RuleRow], where: str = "true") -> str:
    """The query that gives the wide rows of `source` for which `where` holds as long ones, units × rules of them."""
    made = ", ".join(_struct(rule) for rule in rules)
    listed = (
        f"SELECT {quoted(UNIT)} AS unit, unnest([{made}]) AS o FROM {source} WHERE {where}"
        if made
        else f"SELECT {quoted(UNIT)} AS unit, NULL AS o FROM {source} WHERE false"
    )
    fields = ", ".join(f"o.{name} AS {name}" for name in LONG[1:])
    return f"SELECT unit, {fields} FROM ({listed})"


def _struct(rule: RuleRow) -> str:
    code = rule.code
    if rule.kind == "tie_out":
        cells = ["NULL::DECIMAL(9,2)"] * 4 + ["NULL::VARCHAR", found_test(rule)]
    else:
        cells = [f"{quoted(code + end)}::DECIMAL(9,2)" for end in (POINTS, LEAST, MOST, OWN)]
        words = " ".join(
            f"WHEN {literal(word)} THEN {literal(ground.value)}" for ground, word in GROUNDS.items()
        )
        cells += [f"CASE {quoted(code + RESTS_ON)}::VARCHAR {words} END", found_test(rule)]
    named = zip(
        LONG[1:], (literal(code), f"{quoted(code + VERDICT)}::VARCHAR", *cells), strict=True
    )
    return "{" + ", ".join(f"'{name}': {cell}" for name, cell in named) + "}"


def found_test(rule: RuleRow, source: str = "") -> str:
    """Whether a rule is a finding for the unit of a wide row (of the relation `source`)."""
    before = f"{source}." if source else ""
    if rule.kind == "criterion":
        return f"coalesce({before}{quoted(rule.code + DIFFERS)}, false)"
    return f"coalesce({fails_sql(before + quoted(rule.code + VERDICT) + '::VARCHAR')}, false)"
