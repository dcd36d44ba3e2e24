"""空话(text): what people write where a reason is asked for and none is given, made of pieces, through audit, bulk and the second SQL alike."""

import time

import duckdb
import pytest
from sqlglot import exp

import gouji
from gouji.cli import main
from gouji.expression import NOTHING_SAID
from gouji.expression.says_nothing import says_nothing
from gouji.plan.engine.spark_printer import SparkPrinter
from making import BASIS
from nights import write
from sail_server import sail_session

WORDS = (
    "无",
    "暂无",
    "尚无",
    "没有",
    "无偏差",
    "无偏差原因",
    "不适用",
    "不涉及",
    "无需说明",
    "同上",
    "略",
    "N/A",
    "none",
)
WORDS += (
    "ｎ／ａ",
    "NULL",
    "详见附件",
    "见附表",
    "未发现问题",
    "無",
    "待补充",
    "其他原因",
    "无此情况",
    "0",
    "10%",
    "×",
    "—",
    "",
)
AROUND = (
    "{}",
    "{}。",
    " {}　",
    "{}！",
    "（{}）",
    "“{}”",
    "1.{}",
    "一、{}；",
    "①{}\n",
    "{0}，{0}",
    "{0}/{0}",
    "原因：{}",
    "\u200b{}",
    "{}……",
    "《{}》",
)
NOTHING = tuple(dict.fromkeys(around.format(w) for w in WORDS for around in AROUND)) + (
    *(
        "无 偏 差",
        "不 适 用",
        "偏差原因：无；改进措施：无",
        "1、无；2、无",
        "无偏差，无需改进",
        "/",
        "——",
        "。",
        "、",
        "√",
        "N.A.",
    ),
)
REASONS = (
    "人员减少",
    "疫情",
    "无人机采购流标",
    "无力完成，资金未到位",
    "预算无法执行",
    "未完成",
    "无需求",
    "暂未开展",
    "已完成，资金有结余",
    "流标",
)
REASONS += ("详见附件：因人员减少，项目未开展", "无，因项目取消", "受疫情影响，无法开展", "No bidder", "附件损坏", "目标值偏低")  # fmt: skip


def test_a_text_without_content_says_nothing():
    assert [text for text in NOTHING if not says_nothing(text)] == []


def test_a_reason_is_one_whatever_stands_around_it():
    written = [a.format(r) for r in REASONS for a in ("{}", "{}。", "1.{}", "原因：{}", "无。{}")]
    assert [text for text in written if says_nothing(text)] == []


def test_sql_reads_a_text_as_python_does():
    texts = [*NOTHING, *REASONS, "x" * 5000, "无" * 5000 + "人"]
    found = (
        duckdb.connect()
        .execute(
            "SELECT list(regexp_matches(t, $p) ORDER BY i) FROM (SELECT unnest($t) t, generate_subscripts($t, 1) i)",
            {"t": texts, "p": NOTHING_SAID},
        )
        .fetchone()[0]
    )
    assert found == [says_nothing(text) for text in texts]


def test_a_long_text_takes_no_longer_than_its_length():
    began = time.perf_counter()
    for piece in ("无偏差", "暂无", "n/a", "一、", "详见附件 "):
        assert not says_nothing(piece * 20_000 + "人")
    assert time.perf_counter() - began < 5


def book(folder):
    (folder / "rules").mkdir()
    (folder / "schemas").mkdir()
    (folder / "rules/book.yaml").write_text(
        "book: few\ntitle: 几条\nauthority: 试\nfiscal_year: 2023\n", "utf-8"
    )
    said = "表.原因 is not null and not 空话(表.原因)"
    for i, (kind, more) in enumerate((("each_row", "table: 表\n"), ("tie_out", "")), 1):
        check = said if more else "count(表.号) filter (where 空话(表.原因)) = 0"
        (folder / f"rules/t{i}.yaml").write_text(
            f"kind: {kind}\ncode: T{i:02d}\nname: 写了原因\n{BASIS}\n{more}severity: 核实\ncheck: {check}\n"
            "examples:\n  - {name: 没有报, given: {}, expect: 无法判断}\n",
            "utf-8",
        )
    head = "- {name: 单位代码, type: text, null: never, role: unit}\n  - {name: 年度, type: count, null: never, role: year}\n"
    for name, more in {"单位": "role: units\n", "表": ""}.items():
        key = "[单位代码, 年度]" if more else "[单位代码, 年度, 号]"
        columns = head + (
            "  - {name: 单位名称, type: text, role: unit_name}\n"
            if more
            else "  - {name: 号, type: text, null: never}\n  - {name: 原因, type: text}\n"
        )
        (folder / f"schemas/{name}.yaml").write_text(
            f"table: {name}\nlabel: {name}\ngrain: {'one' if more else 'many'}\n{more}key: {key}\ncolumns:\n  {columns}",
            "utf-8",
        )
    return folder


def test_every_way_judges_a_text_alike(tmp_path, capsys):
    """One unit a text: CSV and Parquet, Python and SQL; the second SQL finds the same."""
    root = book(tmp_path)
    texts = [t for t in (*NOTHING, *REASONS) if t.strip()]
    units = [f"U{i:04d}" for i in range(len(texts))]
    sent = root / "sent"
    sent.mkdir()
    write(sent, "单位", "单位代码,年度,单位名称", [(u, 2023, u) for u in units])
    write(
        sent,
        "表",
        "单位代码,年度,号,原因",
        [(u, 2023, "1", f'"{t}"') for u, t in zip(units, texts, strict=True)],
    )
    made = gouji.audit(sent, root / "rules", root / "schemas")
    wanted = {u: says_nothing(t) for u, t in zip(units, texts, strict=True)}
    for code in ("T01", "T02"):
        verdicts = {
            u: next(o.verdict for o in made.outcomes.of(u) if o.code == code) for u in units
        }
        assert verdicts == {u: "不平" if nothing else "平" for u, nothing in wanted.items()}
    flags = ["--rules", str(root / "rules"), "--schemas", str(root / "schemas")]
    main(["check", "gx", str(sent), *flags])
    assert "全部一致" in capsys.readouterr().out
    many = root / "many"
    many.mkdir()
    con = duckdb.connect()
    for name in ("单位", "表"):
        con.execute(
            f"COPY (SELECT * REPLACE (CAST(年度 AS INTEGER) AS 年度) FROM read_csv('{sent}/{name}.csv', all_varchar=true)) TO '{many}/{name}.parquet'"
        )
    out = root / "out"
    main(["audit", str(many), *flags, "--out", str(out), "--format", "parquet"])
    for code in ("T01", "T02"):
        found = con.execute(
            f"SELECT 单位代码 FROM '{out}/findings.parquet' WHERE 规则 = '{code}' ORDER BY 1"
        ).fetchall()
        assert [u for (u,) in found] == [u for u in units if wanted[u]]


@pytest.mark.parametrize(
    "text",
    ["无", "暂无。", "[无]", "—", "\\", "{}", "a]", "人员减少", "[", "`", "x", "B[", "无@因"],
)
def test_spark_reads_the_pattern_alike(text):
    session = sail_session()
    asked = exp.RegexpLike(
        this=exp.Column(this=exp.to_identifier("a")), expression=exp.Literal.string(NOTHING_SAID)
    )
    printed = SparkPrinter().generate(asked)
    made = session.createDataFrame([(text,)], "a string").selectExpr(f"{printed} AS said")
    assert made.collect()[0][0] is says_nothing(text)
