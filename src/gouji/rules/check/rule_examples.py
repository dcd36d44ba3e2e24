"""Examples of a rule against the tables: names exist, expected words are verdicts that this kind of rule can have."""

from __future__ import annotations

from collections.abc import Callable

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.base.verdict import VERDICTS, Verdict
from gouji.rules.rule import AnyRule, Criterion, Given
from gouji.rules.table import Table

Report = Callable[..., None]
OF_TIE_OUTS = (*VERDICTS[:3], Verdict.UNASSESSABLE, Verdict.NOT_APPLICABLE)
OF_CRITERIA = VERDICTS[3:]


def check_examples(rule: AnyRule, tables: dict[str, Table], report: Report) -> None:
    """`report(what, fix, *path)` receives each fault."""
    words = OF_CRITERIA if isinstance(rule, Criterion) else OF_TIE_OUTS
    for index, example in enumerate(rule.examples):
        at = ("examples", index)
        if example.expect not in words:
            report(
                _("没有“{word}”这个结论").format(word=example.expect),
                _("可用的有：{names}").format(names="、".join(words)),
                *at,
                "expect",
            )
        if example.deduct is not None and not isinstance(rule, Criterion):
            report(_("勾稽关系不扣分"), _("去掉 deduct"), *at, "deduct")
        for key, given in (("given", example.given), ("prior", example.prior)):
            _names(
                given,
                tables,
                lambda what, fix, *path, at=at, key=key: report(what, fix, *at, key, *path),
            )


def _names(given: Given, tables: dict[str, Table], report: Report) -> None:
    for name, rows in given.items():
        table = tables.get(name)
        if table is None:
            report(
                _("没有叫“{table}”的数据表").format(table=name), did_you_mean(name, tables), name
            )
            continue
        if table.derived is not None and not table.across:
            report(
                _("“{table}”由本单位的表推出，样例里写它的来源").format(table=name),
                _("写 {sources}").format(sources=table.asked_for),
                name,
            )
            continue
        if (table.grain == "many") != isinstance(rows, list):
            report(
                _("“{table}”的写法不对").format(table=name),
                _("一行的表写 列：值，多行的表写一串这样的行"),
                name,
            )
            continue
        for row in rows if isinstance(rows, list) else [rows]:
            for column in row:
                if table.column(column) is None:
                    report(
                        _("“{table}”没有叫“{column}”的列").format(table=name, column=column),
                        did_you_mean(column, (c.name for c in table.columns)),
                        name,
                        column,
                    )
