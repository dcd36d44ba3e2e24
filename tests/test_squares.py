"""What a report asks of rows grows with their number, not with its square: cells looked at are counted, no clock is read."""

import pytest

from gouji.app.audits import audit_submission, page_of
from gouji.intake.ledger.submission import Row
from gouji.intake.ledger.unit_figures import rows_of, unit_figures
from gouji.report.json import render
from gouji.report.unit.cited import Cited
from gouji.report.unit.spots import spot_rows
from gouji.report.unit.working import WorkingTeller
from making import BASIS, YEAR, book_of, submission_of, tie_text
from test_derived import book, county
from test_table_rules import SUMMED

assert book

EACH = "\n".join(
    [
        "kind: each_row",
        "code: R01",
        "name: 试",
        BASIS,
        "severity: 错误",
        "table: 树",
        "check: 树.甲 = 树.乙",
    ]
)
ROLL = "\n".join(
    [
        "kind: roll_up",
        "code: R01",
        "name: 试",
        BASIS,
        "severity: 错误",
        "table: 树",
        "columns: [甲]",
    ]
)


class Counting(dict):
    """Cells of a row that count how often one is asked for."""

    asked = 0

    def __getitem__(self, name):
        Counting.asked += 1
        return super().__getitem__(name)

    def get(self, name, default=None):
        Counting.asked += 1
        return super().get(name, default)


def counted(submission):
    submission.rows = {
        table: [Row(Counting(row.cells), row.at) for row in rows]
        for table, rows in submission.rows.items()
    }
    Counting.asked = 0
    return submission


def failing_rows(count):
    """One unit with so many rows that fail."""
    rows = [
        ("单位", "U", YEAR, {"单位名称": "U"}),
        ("树", "U", YEAR, {"编码": "合计", "甲": "1.00", "乙": "2.00"}),
    ]
    for n in range(count):
        rows.append(
            (
                "树",
                "U",
                YEAR,
                {
                    "编码": f"{n // 100 % 10}" if n % 100 == 0 else f"{n:04}",
                    "甲": "1.00",
                    "乙": "2.00",
                },
            )
        )
    return rows


@pytest.mark.parametrize("rule", (EACH, ROLL), ids=("rows", "nodes"))
def test_failing_rows(rule):
    book = book_of({"r.yaml": rule}, tables=SUMMED)

    def asked(count):
        submission = counted(submission_of(book, failing_rows(count)))
        teller = WorkingTeller(
            book, submission, unit_figures(submission, book.tables, "U", YEAR), "U"
        )
        found = spot_rows(teller, book.table_rules[0])
        assert len(found) >= (count if rule is EACH else 1) and all(
            spot.places for spot in found if spot.verdict == "不平"
        )
        return Counting.asked

    assert asked(800) <= 4.4 * asked(200)


def test_places_of_failing_rows():
    """What is cited of each failing row is its own cells, found without going through the others."""
    book = book_of({"r.yaml": EACH}, tables=SUMMED)

    def asked(count):
        submission = submission_of(book, failing_rows(count))
        finding = next(iter(audit_submission(book, submission).scorecards[0].findings))
        counted(submission)
        teller = WorkingTeller(
            book, submission, unit_figures(submission, book.tables, "U", YEAR), "U"
        )
        places = Cited(teller).places(finding)
        assert {at.line for at in places} == {
            row.at.line for row in rows_of(submission, book.tables["树"], "U", YEAR)
        }
        return Counting.asked

    assert asked(800) <= 4.4 * asked(200)


def test_units_of_a_folder():
    """A report of rows at hand looks at each row for its own unit alone."""
    book = book_of(
        {
            "t.yaml": tie_text("T01", "数.甲 = sum(明细.金额)"),
            "u.yaml": tie_text("T02", "数.甲 = 数.乙"),
        }
    )

    def asked(units):
        rows = [("单位", f"U{n}", YEAR, {"单位名称": "甲"}) for n in range(units)]
        rows += [("数", f"U{n}", YEAR, {"甲": "3.00", "乙": "2.00"}) for n in range(units)]
        rows += [
            ("明细", f"U{n}", YEAR, {"项目": str(i), "金额": "1.00"})
            for n in range(units)
            for i in range(3)
        ]
        made = audit_submission(book, submission_of(book, rows))
        counted(made.submission)
        assert render(page_of(made)).count('"U') >= units
        return Counting.asked

    assert asked(80) <= 4.4 * asked(20)


def test_cells_behind_derived_rows(book):
    """What a derived row was made of is found without going through all rows of its source, for every row that fails."""

    def asked(count):
        lines = [
            f"{unit},2023,{2010 + n},{amount}"
            for n in range(count)
            for unit, amount in (("D", "3.00"), ("A", "1.00"), ("B", "1.00"))
        ]
        made, _found = county(
            book, ["D,2023,1.00,0,0,", "A,2023,1.00,0,0,", "B,2023,0,0,0,"], lines
        )
        card = next(c for c in made.scorecards if c.unit == "D")
        finding = next(f for f in card.findings if f.rule.code == "T05")
        assert finding.outcome.verdict == "不平"
        submission = counted(made.submission)
        teller = WorkingTeller(
            made.book, submission, unit_figures(submission, made.book.tables, "D", YEAR), "D"
        )
        places = Cited(teller).places(finding)
        assert len([at for at in places if at.file == "明细.csv"]) >= count
        return Counting.asked

    assert asked(300) <= 4.4 * asked(75)
