"""Codes and their names, projects one by one: what derived tables make of a unit's own rows, in an audit and in bulk alike."""

import json
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import gouji
from gouji.cli import main
from gouji.intake.deriving.derived_codes_sql import bare_name, bare_name_sql
from gouji.intake.deriving.spelled_names_sql import spelled, spelled_sql
from nights import write

ROOT = Path(__file__).parent.parent / "rules" / "final-accounts"
SCHEMAS = Path(__file__).parent.parent / "schemas"
RULES = (
    "b-income/fb18",
    "b-income/fb19",
    "b-income/fb20",
    "b-income/fb21",
    *(f"l-self-evaluation/fl{n}" for n in ("08", "15", "22", "23", "24")),
)
FUNCTION, BASIC, TOTALS, ITEMS, PROJECTS = (
    "收入决算表",
    "一般公共预算财政拨款基本支出决算表",
    "项目支出绩效自评表",
    "项目绩效指标完成情况表",
    "项目支出明细",
)
YEAR = 2023


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A few rules of the shipped book."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "book.yaml").write_text(
        "book: few\ntitle: 几条\nauthority: 试\nfiscal_year: 2023\ndefaults: {valid: {from: 2020}}\n",
        "utf-8",
    )
    for part in {Path(name).parent for name in RULES}:
        (folder / part).mkdir()
        shared = ROOT / part / "defaults.yaml"
        if shared.is_file():
            (folder / part / shared.name).write_bytes(shared.read_bytes())
    for name in RULES:
        (folder / f"{name}.yaml").write_bytes((ROOT / f"{name}.yaml").read_bytes())
    return folder


def verdict_of(book, folder, code, rows):
    """What a rule says of rows (table, unit, year, cells), sent as CSV."""
    write(folder, "单位", "单位代码,年度,单位名称", [("U", YEAR, "U")])
    for table in dict.fromkeys(row[0] for row in rows):
        cells = [row[3] for row in rows if row[0] == table]
        names = list(dict.fromkeys(name for of in cells for name in of))
        write(
            folder,
            table,
            ",".join(["单位代码", "年度", *names]),
            [("U", YEAR, *(of.get(name) or "" for name in names)) for of in cells],
        )
    made = gouji.audit(folder, book)
    return next(o.verdict for o in made.outcomes.of("U") if o.code == code)


def lines(table, *pairs):
    return [
        (table, "U", YEAR, {"科目编码": code, **({"科目名称": name} if name else {})})
        for code, name in pairs
    ]


def project(name, total, rate, *scores):
    rows = [(TOTALS, "U", YEAR, {"项目名称": name, "总得分": total, "执行率得分": rate})]
    return rows + [
        (
            ITEMS,
            "U",
            YEAR,
            {
                "项目名称": name,
                "一级指标": "产出",
                "二级指标": "数量",
                "三级指标": f"第{i}条",
                "得分": s,
            },
        )
        for i, s in enumerate(scores)
    ]


CASES = {
    "a class called by another's name": ("FB18", lines(FUNCTION, ("210", "农林水支出")), "不平"),
    "an item called by another's name": ("FB18", lines(FUNCTION, ("2210201", "提租补贴")), "不平"),
    "brackets and blanks apart": ("FB19", lines(BASIC, ("30212", "因公出国 (境) 费用")), "平"),
    "an economic code called by another's name": (
        "FB19",
        lines(BASIC, ("30201", "差旅费")),
        "不平",
    ),
    "a form's words around a name": (
        "FB18",
        lines(
            FUNCTION,
            ("208", "八、社会保障和就业支出（类）"),
            ("2080505", "其中：机关事业单位基本养老保 险缴费支出"),
        ),
        "平",
    ),
    "a name that was changed and is still printed": (
        "FB18",
        lines(FUNCTION, ("20805", "行政事业单位离退休")),
        "平",
    ),
    "another's name behind 其中": (
        "FB18",
        lines(FUNCTION, ("2080505", "其中：住房公积金")),
        "不平",
    ),
    "one code, a name with and without its number": (
        "FB20",
        lines(FUNCTION, ("213", "十二、农林水支出"))
        + lines("支出决算表", ("213", "213农林水支出（类）")),
        "平",
    ),
    "a year before the one the list was read for": (
        "FB18",
        lines(FUNCTION, ("20810", "抚恤")),
        "平",
    ),
    "what the list does not have": ("FB18", lines(FUNCTION, ("2130599", "随便什么")), "平"),
    "without names nothing is compared": (
        "FB18",
        lines(FUNCTION, ("210", ""), ("21011", "")),
        "平",
    ),
    "one code, two names in two forms": (
        "FB20",
        lines(FUNCTION, ("21399", "甲")) + lines("支出决算表", ("21399", "乙")),
        "不平",
    ),
    "one code, one name written two ways": (
        "FB20",
        lines(FUNCTION, ("21399", "其他农林水支出")) + lines("支出决算表", ("21399", "其他农林水")),
        "平",
    ),
    "one name, two codes below one code": (
        "FB21",
        lines(FUNCTION, ("2130301", "行政运行"), ("2130302", "行政运行")),
        "不平",
    ),
    "one name, two codes below two codes": (
        "FB21",
        lines(FUNCTION, ("2130301", "行政运行"), ("2130201", "行政运行")),
        "平",
    ),
    "each project adds up": (
        "FL22",
        project("甲", "96", "6", "50", "40") + project("乙", "90", "10", "80"),
        "平",
    ),
    "errors of two projects cancel": (
        "FL22",
        project("甲", "99", "6", "50", "40") + project("乙", "87", "10", "80"),
        "不平",
    ),
    "a score is missing in one project": (
        "FL22",
        project("甲", "96", "6", "50", "40") + project("乙", "90", "10", ""),
        "无法判断",
    ),
    "as many projects, other names": (
        "FL23",
        project("甲", "96", "6") + [(PROJECTS, "U", YEAR, {"项目名称": "乙"})],
        "不平",
    ),
}


@pytest.mark.parametrize("code, rows, verdict", CASES.values(), ids=CASES)
def test_codes_and_projects(book, tmp_path, code, rows, verdict):
    assert verdict_of(book, tmp_path, code, rows) == verdict


NAMED = {
    "a name of the first level stands alone": ("205", "206", "教育支出", "教育"),
    "one below it stands behind the code above": (
        "20501",
        "20502",
        "教育管理事务",
        "205 教育管理事务",
    ),
}


@pytest.mark.parametrize("one, other, name, key", NAMED.values(), ids=NAMED)
def test_how_a_name_with_two_codes_is_called(book, tmp_path, capsys, one, other, name, key):
    assert verdict_of(book, tmp_path, "FB21", lines(FUNCTION, (one, name), (other, name))) == "不平"
    main(["audit", str(tmp_path), "--rules", str(book), "--format", "json"])
    (card,) = json.loads(capsys.readouterr().out)["cards"]
    (spot,) = next(tie["spots"] for tie in card["tie_outs"] if tie["code"] == "FB21")
    # The cells behind it are found by the same key.
    assert (spot["row"], len(spot["places"])) == (key, 2)


FILLERS = (
    *(
        "无",
        "无。",
        "暂无",
        "无偏差",
        "不适用",
        "/",
        "——",
        "N/A",
        "（无）",
        "没有偏差",
        "未发生偏差",
    ),
    *("无改进措施", "无偏差，无需改进", "1.无", "无、无", "【无】", "正常", "--"),
)


@pytest.mark.parametrize("word", FILLERS)
@pytest.mark.parametrize(
    "code, given",
    {
        "FL08": {"分值": "10", "得分": "8"},
        "FL15": {"指标性质": "≥", "年度指标值数": "100", "实际完成值数": "60"},
        "FL24": {"指标性质": "≥", "年度指标值数": "10", "实际完成值数": "300"},
    }.items(),
)
def test_a_filler_is_no_reason(book, tmp_path, code, given, word):
    key = {"项目名称": "甲", "一级指标": "产出", "二级指标": "数量", "三级指标": "个数"}
    assert (
        verdict_of(book, tmp_path, code, [(ITEMS, "U", YEAR, {**key, **given, "偏差原因": word})])
        == "不平"
    )


@pytest.mark.parametrize("word", FILLERS)
def test_a_filler_explains_no_target_far_below(tmp_path, word):
    """The rulebook of projects' self-evaluations asks for a reason in the same words."""
    key = {"项目名称": "甲", "一级指标": "产出", "二级指标": "数量", "三级指标": "个数"}
    given = {"指标性质": "≥", "年度指标值数": "10", "实际完成值数": "300", "偏差原因": word}
    rows = [(ITEMS, "U", YEAR, {**key, **given})]
    assert verdict_of("project-self-evaluation", tmp_path, "P14", rows) == "不平"


WRITTEN = (
    ("其中：办公费", "办公费"),
    ("其 中: 办公费", "办公费"),
    ("一、一般公共服务支出", "一般公共服务"),
    ("一般公共服务支出", "一般公共服务"),
    ("（一）行政运行", "行政运行"),
    ("教育支出（类）", "教育"),
    (" 教育支出 （类） ", "教育"),
    ("[201]一般公共服务支出", "一般公共服务"),
    ("201-一般公共服务支出", "一般公共服务"),
    ("1.办公费", "办公费"),
    ("资本性支出（基本建设）", "资本性支出基本建设"),
    ("对个人和家庭的补助", "对个人和家庭补助"),
    ("因 公 出 国 （ 境 ） 费\n用", "因公出国境费用"),
    ("\u00a0办公费", "办公费"),
    ("2010101", ""),
)


@pytest.mark.parametrize(
    "name, bare",
    [
        ("教育支出", "教育"),
        ("因公出国（境）费用", "因公出国境费用"),
        (" 其他　支出 ", "其他"),
        ("支出管理", "支出管理"),
        *WRITTEN,
    ],
)
def test_names_are_compared_without(name, bare):
    assert bare_name(name) == bare
    assert duckdb.execute(f"SELECT {bare_name_sql('?')}", [name]).fetchall() == [(bare,)]


@pytest.mark.parametrize("file", ["function", "economic"])
def test_a_code_is_named_below_a_code_that_is(file):
    """Every 款 and 项 that the list names stands below a code that it names too: a slip in typing shows."""
    columns = yaml.safe_load((SCHEMAS / f"derived_{file}_codes.yaml").read_text("utf-8"))["columns"]
    named = {of["code"] for column in columns for of in column.get("take", {}).get("codes", ())}
    assert [code for code in sorted(named) if len(code) > 3 and code[:-2] not in named] == []


SAME_NAMES = (
    ("遗属生活补助", "遗属 生活　补\u00a0助"),
    ("遗属（生活）补助", "遗属(生活)补助"),
    ("城管〔2023〕1号", "城管[２０２３]1号"),
    ("ABC系统", "ａbｃ系统"),
    ("城管\u200b经费", "城管经费"),
    ("城管经费。", "城管经费"),
    ("“两新”党建", "「两新」党建"),
    ("城管—经费", "城管-经费"),
    ("《办法》：宣传", "〈办法〉:宣传"),
    ("城管、环卫", "城管，环卫"),
)
OTHER_NAMES = (
    ("城管经费", "城管费"),
    ("城管经费1", "城管经费2"),
    ("项目1.1", "项目11"),
    ("2-3组", "23组"),
    ("第1 1号", "第11号"),
    ("城管（一）", "城管一"),
    ("城管经费支出", "城管经费"),
)


@pytest.mark.parametrize("one, other", [*SAME_NAMES, *OTHER_NAMES])
def test_names_of_projects_match_however_they_are_written(book, tmp_path, one, other):
    same = (one, other) in SAME_NAMES
    found = duckdb.execute(
        f"SELECT {spelled_sql('?')}, {spelled_sql('?')}", [one, other]
    ).fetchone()
    assert found == (spelled(one), spelled(other)) and (found[0] == found[1]) is same
    named, (_table, *_whose, cells) = project(one, "90", "10"), project(other, "", "", "80")[1]
    rows = [*named, (ITEMS, "U", YEAR, cells), (PROJECTS, "U", YEAR, {"项目名称": other})]
    for code in ("FL22", "FL23"):
        assert verdict_of(book, tmp_path, code, rows) == ("平" if same else "不平")


@given(st.text('aZ1 一（(）)ａ１　\u200b\n。-—“"、,：:.·', max_size=12))
def test_python_and_sql_spell_alike(text):
    assert duckdb.execute(f"SELECT {spelled_sql('?')}", [text]).fetchall() == [(spelled(text),)]
    assert spelled(spelled(text)) == spelled(text)
