"""What `book.yaml` says of totals, rows scored one by one, dates, peers and scores that are read: in bulk, wide and brief, as in Python and in an audit."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.intake import absent_tables
from gouji.plan import compile_bulk
from gouji.run import connect
from making import TABLES, YEAR, book_of, by_python, criterion_text, submission_of
from test_book_level import books
from test_bulk import admit, never_lacking, read_off
from test_row_scores import METHOD, ROWS, amounts, line
from test_two_meanings import EXAMPLES, MANY, book_or_none, rows


def bulk_is_python(book, submission, units):
    """Both shapes of bulk against each other, the wide one against Python; returns the wide rows."""
    con = connect()
    try:
        halves = admit(con, submission, book.tables)
        told = absent_tables(submission, book.tables, YEAR), never_lacking(submission, book)
        plan = compile_bulk(book, halves)
        result = con.execute(plan.sql())
        names = [d[0] for d in result.description]
        wide = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
        said = read_off(con, plan, True)
        for absent, full in (((), ()), told):
            brief = compile_bulk(book, halves, wide=False, absent=absent, full=full)
            assert read_off(con, brief, False) == said
            assert read_off(con, brief, False, alone=True) == said
    finally:
        con.close()
    for unit, (criteria, ties, totals) in by_python(book, submission, units).items():
        cells = wide[unit]
        for one in criteria:
            told_of = (cells[f"{one.code}.{c}"] for c in ("结论", "得分", "下限", "上限", "自评"))
            assert (one.verdict, one.score, one.low, one.high, one.self_score) == tuple(told_of), (
                one
            )
        for one in ties:
            assert one.verdict == cells[f"{one.code}.结论"]
        if totals is not None:
            same_totals(totals, cells)
    return wide


def same_totals(totals, cells):
    """Score, range, grades, grounds, points outside the total and what keeps the grade down."""
    names = ("得分", "得分下限", "得分上限", "自评合计", "等级", "等级下限", "等级上限", "自评等级")
    assert tuple(cells[n] for n in names) == (
        totals.score,
        totals.low,
        totals.high,
        totals.self_score,
        totals.grade,
        totals.grade_low,
        totals.grade_high,
        totals.own_grade,
    )
    assert (cells.get("总分内得分"), cells.get("加减分")) == (totals.base, totals.adjusted)
    why = [
        f"{c.why}，等级至多为“{c.grade}”"
        if c.sure
        else f"{c.why}：还不能判断，成立则等级至多为“{c.grade}”"
        for c in totals.capped
    ]
    assert (cells.get("等级说明") or "") == "; ".join(why)


@settings(MANY, max_examples=EXAMPLES // 30)
@given(st.data(), books(), st.sampled_from(["full", "exclude"]))
def test_totals_as_the_book_has_them(data, made, policy):
    texts, total, head = made
    if not total:
        return
    book = book_or_none(texts, total, policy, head=head)
    units = ["甲单位", "乙单位", "丙单位"]
    submission = submission_of(book, data.draw(rows(units, [c.code for c in book.criteria])))
    bulk_is_python(book, submission, units)


FILED = "table: 报送\ngrain: one\nkey: [单位代码, 年度]\ncolumns:\n  - {name: 单位代码, type: text, null: never, role: unit}\n  - {name: 年度, type: count, null: never, role: year}\n  - {name: 日期, type: date}\n"
LATE = '{kind: steps, full_at: "≤ 0", per: 1, take: 0.5, reading: whole}'
OF_ROWS = {
    "c.yaml": criterion_text("C01", " ".join(METHOD.split()), 80, missing="pending"),
    "d.yaml": criterion_text(
        "C02", LATE, 10, measure="days(次年3月31日, 报送.日期)", missing="as_reported"
    ),
    "e.yaml": criterion_text("C03", "{kind: proportional, full_at: 80}", 10, measure="得分(C01)"),
}
BOOK_OF_ROWS = book_of(
    OF_ROWS,
    tables={**TABLES, "rows.yaml": ROWS, "filed.yaml": FILED},
    head="caps: [{when: 得分(C01) < 10, grade: 良, why: 指标太差}]\nround: 0.5 half_even\n",
)
wrote = st.lists(
    st.tuples(
        st.sampled_from(["≥", "=", "≤", "定性", None]),
        st.one_of(st.none(), amounts),
        st.one_of(st.none(), amounts),
        st.sampled_from(["0", "10", "12.5", None]),
        st.sampled_from(["达成", "部分达成", "未达成", "已完成", "还行", None]),
        st.sampled_from([None, "有原因"]),
    ),
    max_size=4,
)


@settings(MANY, max_examples=EXAMPLES // 40)
@given(
    st.lists(
        st.tuples(
            wrote, st.one_of(st.none(), st.dates(date(YEAR + 1, 3, 20), date(YEAR + 1, 4, 30)))
        ),
        min_size=2,
        max_size=4,
    )
)
def test_rows_and_dates(units):
    found = []
    for number, (drawn, day) in enumerate(units):
        unit = f"U{number}"
        found.append(("单位", unit, YEAR, {"单位名称": unit}))
        if day is not None:
            found.append(("报送", unit, YEAR, {"日期": day.isoformat()}))
        for at, (sign, target, done, points, word, reason) in enumerate(drawn):
            more = {"情况": word, "得分": points, "原因": reason}
            table, _, year, cells = line(str(at), sign, target, done, points, **more)
            found.append((table, unit, year, cells))
    bulk_is_python(
        BOOK_OF_ROWS, submission_of(BOOK_OF_ROWS, found), [f"U{n}" for n in range(len(units))]
    )
