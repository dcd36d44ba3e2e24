"""A county's standard for the offices that keep its rivers: each office its own criteria, scored by hand here and by the book there."""

import csv
from decimal import Decimal

import pytest

import gouji
from gouji.rules import Checklist, Deductions, Parts

BOOK = "shicheng-rivers-2018"
UNITS = {"W": "县水利局", "N": "县农粮局", "Q": ""}
NUMBERS = {
    "W": {
        "部署次数": 2,
        "月报缺报次数": 3,
        "会议缺席次数": 0,
        "经验推广级别": "市级",
        "岸线案件未处理例数": 1,
        "水源整治完成率": "80.00",
    },
    "N": {
        "部署次数": 3,
        "月报缺报次数": 0,
        "会议缺席次数": 0,
        "经验推广级别": "省级",
        "渔业案件查处例数": 8,
    },
    "Q": {},
}
NOT_MET = {("W", "开展水功能区监管")}


def items_of(method):
    """The items that a method asks evidence of."""
    match method:
        case Checklist(items=items):
            return [i.item for i in items]
        case Parts(parts=parts):
            return [item for p in parts for item in items_of(p.method)]
        case Deductions(occasions=occasions):
            return [o.item for o in occasions if o.item]
    return []


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(dict.fromkeys(k for row in rows for k in row)))
        out.writeheader()
        out.writerows(rows)


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rivers")
    book = gouji.load_book(BOOK)
    write(
        folder / "单位.csv",
        [{"单位代码": u, "年度": 2018, "单位名称": w or "某局"} for u, w in UNITS.items()],
    )
    write(
        folder / "河湖考核数.csv",
        [
            {"单位代码": unit, "年度": 2018, "责任单位": word} | NUMBERS[unit]
            for unit, word in UNITS.items()
        ],
    )
    write(
        folder / "要点核对.csv",
        [
            {
                "单位代码": unit,
                "年度": 2018,
                "指标代码": rule.code,
                "要点": item,
                "结果": "不具备" if (unit, item) in NOT_MET else "具备",
            }
            for unit in ("W", "N")
            for rule in book.rules
            for item in items_of(rule.rule.method)
        ],
    )
    return {card.unit: card for card in gouji.audit(folder, BOOK).scorecards}


TOTALS = {
    # 100 - 1 (部署) - 1.5 (三次月报) - 1 (市级) - 5 (水功能区) - 2 (一例) - 1 (八成)
    "water": ("W", "88.50", "良好", 9),
    # 100 - 3 (八例)
    "farming": ("N", "97.00", "优秀", 8),
}


@pytest.mark.parametrize("unit, total, grade, lines", TOTALS.values(), ids=TOTALS)
def test_each_office_is_scored_by_its_own_criteria(audited, unit, total, grade, lines):
    card = audited[unit]
    assert (str(card.totals.score), card.totals.grade) == (total, grade)
    assert len(card.lines) == lines


def test_an_office_that_is_not_named_has_a_range(audited):
    totals = audited["Q"].totals
    assert (totals.low, totals.high, totals.grade) == (0, 100, "待定")


def test_every_set_adds_up_and_the_kinds_are_many():
    book = gouji.load_book(BOOK)
    rules = [r.rule for r in book.rules]
    assert 12 <= len(rules) <= 20
    common = sum(r.weight for r in rules if not r.set)
    assert common == 40
    for word in {s for r in rules for s in r.set}:
        assert sum(r.weight for r in rules if word in r.set) == Decimal(60), word
    assert {r.method.kind for r in rules} == {"checklist", "deductions", "parts", "proportional"}
    parts = [p.method.kind for r in rules if isinstance(r.method, Parts) for p in r.method.parts]
    assert set(parts) == {"checklist", "steps", "per_violation", "words", "proportional", "within"}
