"""However many items a book's checklists have, one mask or several are packed of them: the plan scores as Python does."""

import random

import pytest

from making import YEAR, book_of, by_python, by_sql, criterion_text, submission_of

UNITS = [f"U{i}" for i in range(12)]
# Items of each criterion; whether criteria share their words. 31 is the most that one mask holds with both results.
CASES = {
    "30": ([10, 20], False),
    "31": ([15, 16], False),
    "32": ([16, 16], False),
    "62": ([31, 31], False),
    "63": ([40, 23], False),
    "130": ([62, 60, 8], False),
    "same words, 20": ([10, 10], True),
    "same words, 80": ([40, 40], True),
}


@pytest.mark.parametrize("sizes, alike", CASES.values(), ids=CASES)
def test_every_item_counts_once(sizes, alike):
    rules, words = {}, {}
    for number, size in enumerate(sizes, 1):
        code = f"C{number:02}"
        words[code] = [f"{'' if alike else code}条{i}" for i in range(size)]
        points = [1] * (size - 1) + [100 - (size - 1)]
        items = ", ".join(
            f"{{item: {w}, points: {p}}}" for w, p in zip(words[code], points, strict=True)
        )
        rules[f"{code}.yaml"] = criterion_text(
            code, f"{{kind: checklist, mode: additive, items: [{items}]}}", 100, missing="pending"
        )
    book = book_of(rules, total=100 * len(sizes))
    pick = random.Random(len(sizes) * 1000 + sum(sizes))
    rows = [("单位", unit, YEAR, {"单位名称": unit}) for unit in UNITS]
    for unit in UNITS[:-1]:
        # Every third unit says something of all items, the others leave some out; the last one says nothing.
        leave_out = 0 if UNITS.index(unit) % 3 == 0 else 0.1
        for code, own in words.items():
            for word in own:
                if pick.random() >= leave_out:
                    rows.append(
                        (
                            "要点核对",
                            unit,
                            YEAR,
                            {
                                "指标代码": code,
                                "要点": word,
                                "结果": "具备" if pick.random() < 0.7 else "不具备",
                            },
                        )
                    )
    if not alike:
        # An item under the name of another criterion is none of its own.
        rows.append(
            (
                "要点核对",
                UNITS[-1],
                YEAR,
                {"指标代码": "C02", "要点": words["C01"][0], "结果": "具备"},
            )
        )
    submission = submission_of(book, rows)
    found, scored = by_sql(book, submission), set()
    for unit, (criteria, _ties, totals) in by_python(book, submission, UNITS).items():
        assert list(found.criteria[unit]) == list(criteria)
        assert found.totals[unit] == totals
        scored |= {c.score for c in criteria}
    assert len(scored) > 3
