"""A broken rulebook gets all its faults in one run, each with file:line and a fix; what is refused, and in which words."""

import pytest

from gouji.base.faults import RuleError
from gouji.rules import load_rulebook, load_tables, validate
from making import HEAD, TABLES, book_of, criterion_text, tie_text

STEPS = '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 0.2, reading: whole}'
GOOD = criterion_text("C01", STEPS, 100, measure="数.甲 / 数.乙")


def tie(check, **more):
    return tie_text("T01", check, **more)


def rule(**changes):
    """The good criterion with some lines replaced; None takes a line out."""
    lines = GOOD.strip().splitlines()
    for key, value in changes.items():
        at = next((i for i, line in enumerate(lines) if line.startswith(f"{key}:")), None)
        if at is None:
            lines.append(f"{key}: {value}")
        elif value is None:
            del lines[at]
        else:
            lines[at] = f"{key}: {value}"
    return "\n".join(lines)


# name -> (text of the rule file, line of the fault, words of the fault, words of the fix)
RULES = {
    "not YAML": ("kind: [criterion", 2, "不是合法的 YAML", "缩进"),
    "a key twice": (GOOD + "\nname: 又一次", 12, "键“name”写了两次", "只留一个"),
    "a tag": (rule(name="!!python/name:os.system x"), 3, "不能用 YAML 标签", "去掉标签"),
    "an anchor": (
        rule(examples="&a [{given: {}, expect: 扣分}]") + "\nevidence: *a",
        11,
        "不能用 YAML 锚点",
        "把内容写出来",
    ),
    "two documents": (GOOD + "\n---\nkind: tie_out", 13, "一个文件只能有一份内容", "---"),
    "unknown key": (rule(wieght=3), 11, "没有“wieght”这个键", "weight"),
    "unknown key inside": (
        rule(method=STEPS.replace("reading", "raeding")),
        7,
        "没有“raeding”这个键",
        "reading",
    ),
    "an empty file": ("", 1, "文件是空的", "schema"),
    "a list instead of keys": ("- a", 1, "文件是空的，或者不是一行一个“键: 值”", "schema"),
    "keys instead of a list": (rule(examples="{given: {}}"), 11, "“examples”要写成列表", "schema"),
    "a list instead of a text": (rule(name="[甲]"), 3, "“name”要写一段文字", "schema"),
    "a key is missing": (rule(weight=None), 1, "缺少“weight”", "补上"),
    "unknown kind": (rule(kind="criterium"), 1, "kind 缺少或不认识", "criterion"),
    "unknown method": (rule(method="{kind: ladder}"), 7, "kind 缺少或不认识", "steps"),
    "bad code": (rule(code="c1"), 2, "“code”的写法不对", "C14"),
    "a weight of zero": (rule(weight=0), 6, "“weight”不能是 0", "大于 0"),
    "a weight in words": (rule(weight="很重"), 6, "要写成整数、小数或百分数", "改"),
    "a percent without its sense": (
        rule(method=STEPS.replace("percent_is: point, ", "")),
        7,
        "percent_is",
        "改",
    ),
    "both takes": (
        rule(method=STEPS.replace("take: 0.2", "take: 0.2, take_share: 5%")),
        7,
        "take_share",
        "改",
    ),
    "steps with two ends": (
        rule(method=STEPS.replace("≥ 95%", "[95%, 105%]")),
        7,
        "two_sided_steps",
        "改",
    ),
    "two-sided with one end": (
        rule(method=STEPS.replace("steps", "two_sided_steps")),
        7,
        "两端",
        "改",
    ),
    "an empty range": (rule(method=STEPS.replace("≥ 95%", "[105%, 95%]")), 7, "区间是空的", "改"),
    "a range in words": (rule(method=STEPS.replace("≥ 95%", "95% 以上")), 7, "区间要写成", "改"),
    "a reading unheard of": (
        rule(method=STEPS.replace("whole", "half")),
        7,
        "“reading”不能是 half",
        "whole、begun、prorata",
    ),
    "trimmed mean of two": (
        rule(method="{kind: judged, by: trimmed_mean, reviewers: 2}", measure=None),
        7,
        "至少要三人",
        "改",
    ),
    "items against weight": (
        rule(
            method="{kind: checklist, mode: additive, items: [{item: 一, points: 99}]}",
            measure=None,
        ),
        7,
        "要点分值合计 99，权重 100",
        "相等",
    ),
    "an item twice": (
        rule(
            method="{kind: checklist, mode: all_or_nothing, items: [{item: 一}, {item: 一}]}",
            measure=None,
        ),
        7,
        "两个要点的文字相同",
        "不同",
    ),
    "a band above the weight": (
        rule(method='{kind: bands, bands: [{when: "≥ 1", points: 101}]}'),
        7,
        "第 1 档 101 分，超过权重 100",
        "改",
    ),
    "a measure for a checklist": (
        rule(method="{kind: checklist, mode: all_or_nothing, items: [{item: 一}]}"),
        10,
        "不用 measure",
        "去掉",
    ),
    "no measure for steps": (rule(measure=None), 7, "要有 measure", "写上取数公式"),
    "no basis": (rule(basis=None), 1, "缺少“basis”", "补上"),
    "an example of no verdict": (
        rule(examples="[{given: {}, expect: 合格}]"),
        11,
        "没有“合格”这个结论",
        "得满分",
    ),
    "an example with an unknown table": (
        rule(examples="[{given: {无此表: {}}, expect: 扣分}]"),
        11,
        "没有叫“无此表”的数据表",
        "可用的有",
    ),
    "an example with an unknown column": (
        rule(examples="[{given: {数: {丁: 1}}, expect: 扣分}]"),
        11,
        "“数”没有叫“丁”的列",
        "可用的有",
    ),
    "one row where many are": (
        rule(examples="[{given: {明细: {金额: 1}}, expect: 扣分}]"),
        11,
        "“明细”的写法不对",
        "多行的表",
    ),
}
# name -> (measure or check, words of the fault, words of the fix)
MEASURES = {
    "unknown table": ("收支.甲 = 1", "没有叫“收支”的数据表", "可用的有"),
    "unknown column": ("明细表.金额 = 1", "没有叫“明细表”的数据表", "是不是“明细”？"),
    "a column nearly right": ("评审打分.平分 = 1", "“评审打分”没有叫“平分”的列", "是不是“评分”？"),
    "no table": ("甲 = 1", "“甲”要写明哪张表的哪一列", "表.列"),
    "a number for a condition": ("数.甲 + 1", "这里要的是一个条件，却是一个数", "比较"),
    "a text in arithmetic": ("数.词 + 1 = 2", "这里要的是一个数，却是一段文字", ""),
    "number against text": ("数.甲 = '一'", "不能拿一个数和一段文字比较", "两边"),
    "texts in order": ("数.词 < '乙'", "文字只能比较相等或不等", ""),
    "rows where a figure belongs": (
        "明细.金额 = 1",
        "“明细”有多行，不能直接取一列",
        "sum(明细.金额)",
    ),
    "a sum of one row": ("sum(数.甲) = 1", "每个单位只有一行，不用 sum", "直接写 数.甲"),
    "a sum of words": ("sum(明细.是否) = 1", "“是否”是文字，不能 sum", "count"),
    "a sum of quotients": (
        "sum(明细.金额 / 明细.金额) = 1",
        "sum 里不能除以一列",
        "sum(round(明细.甲 / 明细.乙, 2))",
    ),
    "a filter on another table": (
        "sum(明细.金额) filter (where 数.甲 > 1) = 1",
        "逐行的条件里只能用“明细”的列",
        "同一行",
    ),
    "an average": ("avg(明细.金额) = 1", "公式里不能用 AVG(明细.金额)", "可用：表.列"),
    "a remainder": ("数.甲 % 数.乙 = 1", "公式里不能用", "可用：表.列"),
    "a query": ("数.甲 = (select 1)", "公式里不能用 (SELECT 1)", "可用：表.列"),
    "a query in a list": ("数.词 in (select 'x')", "多余的部分", ""),
    "a second statement": ("数.甲 = 1; drop table 数", "一条公式只能是一个表达式", "分号"),
    "a source": ("数.甲 = 1 from 数", "一条公式只能是一个表达式", "from"),
    "a file": ("数.甲 = read_csv('/etc/passwd')", "公式里不能用 READ_CSV", "可用：表.列"),
    "a setting": ("数.甲 = getenv('HOME')", "没有函数“getenv”", "可用的函数"),
    "a parameter": ("数.甲 = ?", "公式里不能用 ?", ""),
    "a star": ("count(*) = 1", "count 里要写一列", "count（明细.列）"),
    "a window": ("sum(明细.金额) over () = 1", "公式里不能用", ""),
    "a cast": ("数.甲::double = 1", "公式里不能用 CAST(数.甲 AS DOUBLE)", ""),
    "a comment": ("数.甲 = 1 -- 说明", "公式里不能有注释", "note"),
    "a dash": ("数.甲 – 1 = 1", "公式里不能有“–”", "减号写成 -"),
    "scientific notation": ("数.甲 = 1e3", "数字“1e3”的写法不对", "1200"),
    "division by a written zero": ("数.甲 / 0 = 1", "公式里除以了 0", "分母"),
    "three arguments for count": ("count(明细.金额, 明细.项目) = 1", "多余的部分", "参数"),
    "a grade by itself": (
        "等级(数.分) <> '优'",
        "等级(…) 只能和一个等级词比较",
        "等级(表.合计得分) = 表.结论等级",
    ),
    "nothing at all": ("", "公式是空的", "表.列"),
    "brackets left open": ("(数.甲 = 1", "公式读不懂", "括号"),
    "too deep": ("(" * 70 + "数.甲" + ")" * 70 + " = 1", "公式嵌套太深", "拆成几条规则"),
    "too long": ("数.甲 = " + "1 + " * 2000 + "1", "公式太长", "拆成几条规则"),
    "more than 38 digits": (
        "数.甲 * 数.乙 * 数.甲 * 数.乙 = 1",
        "公式的中间结果可能超过 38 位数字",
        "拆成几条规则",
    ),
}


def faults_of(rules, tables=TABLES, total=100):
    from gouji.plan import compile_book

    try:
        book = validate(
            load_rulebook({"book.yaml": HEAD.format(total=total, policy="full"), **rules}),
            load_tables(tables),
        )
        compile_book(book, book.tables)
    except ExceptionGroup as group:
        assert all(isinstance(f, RuleError) for f in group.exceptions)
        return group.exceptions
    return ()


def test_the_good_rule_is_good():
    assert faults_of({"c01.yaml": GOOD}) == ()


@pytest.mark.parametrize("text, line, what, fix", RULES.values(), ids=RULES)
def test_fault_of_a_rule(text, line, what, fix):
    found = [
        f
        for f in faults_of({"c01.yaml": text})
        if str(f.place) == f"c01.yaml:{line}" and what in f.what
    ]
    assert found, [str(f) for f in faults_of({"c01.yaml": text})]
    assert fix in found[0].fix and found[0].fix


@pytest.mark.parametrize("check, what, fix", MEASURES.values(), ids=MEASURES)
def test_fault_of_a_measure(check, what, fix):
    found = [f for f in faults_of({"t01.yaml": tie(check)}) if what in f.what]
    assert found, [str(f) for f in faults_of({"t01.yaml": tie(check)})]
    assert str(found[0].place) == "t01.yaml:6" and fix in found[0].fix


def test_weights_must_add_up():
    found = faults_of({"c01.yaml": rule(weight=99)})
    assert [(str(f.place), f.what) for f in found] == [
        ("book.yaml:6", "各指标权重合计 99，总分 100")
    ]


def test_a_printed_group_must_add_up():
    head = (
        HEAD.format(total=100, policy="full")
        + "groups: [{first: 一, weight: 90}, {first: 三, weight: 10}]\n"
    )
    with pytest.raises(ExceptionGroup) as caught:
        validate(load_rulebook({"book.yaml": head, "c01.yaml": GOOD}), load_tables(TABLES))
    assert sorted(f.what for f in caught.value.exceptions) == [
        "“一”的指标权重合计 100，应为 90",
        "没有指标属于“三”",
    ]


def test_every_fault_of_every_file_comes_in_one_run():
    files = {
        f"r{i:02}.yaml": text.replace("code: C01", f"code: C{i + 10}")
        for i, (text, *_rest) in enumerate(RULES.values())
    }
    places = {
        f.place.file for f in faults_of({n: t for n, t in files.items() if not unloadable(t)})
    }
    assert places - {"book.yaml"} == {n for n, t in files.items() if not unloadable(t)}
    loading = {f.place.file for f in faults_of(files)}
    assert loading == {n for n, t in files.items() if unloadable(t)}


def unloadable(text):
    """Whether a file cannot even be loaded; what names mean is only asked when every file can be."""
    try:
        load_rulebook({"book.yaml": HEAD.format(total=100, policy="full"), "c.yaml": text})
    except ExceptionGroup:
        return True
    return False


def test_two_faults_of_one_rule_are_two():
    found = faults_of({"t01.yaml": tie("数.丁 = 数.戊")})
    assert sorted(f.what for f in found) == ["“数”没有叫“丁”的列", "“数”没有叫“戊”的列"]


def test_the_same_code_twice():
    found = faults_of({"a.yaml": GOOD, "b.yaml": GOOD})
    assert [(str(f.place), f.what) for f in found] == [("b.yaml:2", "代码 C01 在 a.yaml 已用过")]


def test_a_book_without_head():
    with pytest.raises(ExceptionGroup, match="规则有误") as caught:
        load_rulebook({"c01.yaml": GOOD})
    assert caught.value.exceptions[0].what == "没有 book.yaml"


TABLE_FAULTS = {
    "a role is missing": ("numbers.yaml", "role: year", "note: x", "“数”缺少 role: year 的列"),
    "an unknown key column": (
        "numbers.yaml",
        "key: [单位代码, 年度]",
        "key: [单位代码, 年份]",
        "“数”没有叫“年份”的列",
    ),
    "money without a unit": (
        "numbers.yaml",
        "type: money, unit: 元",
        "type: money",
        "金额列（money）要写计量单位",
    ),
    "a unit unheard of": ("numbers.yaml", "unit: 元", "unit: 两", "计量单位“两”不认识"),
    "two columns of one name": ("numbers.yaml", "name: 乙", "name: 甲", "“数”有两列同名"),
    "two tables of units": (
        "numbers.yaml",
        "grain: one",
        "grain: one\nrole: units",
        "缺少 role: unit_name 的列",
    ),
    "a result without its words": (
        "checks.yaml",
        ", one_of: [具备, 不具备]",
        "",
        "one_of 要有两个词",
    ),
    "a year in words": (
        "numbers.yaml",
        "{name: 年度, type: count",
        "{name: 年度, type: text",
        "“年度”的 type 应为 count",
    ),
}


@pytest.mark.parametrize("file, old, new, what", TABLE_FAULTS.values(), ids=TABLE_FAULTS)
def test_fault_of_a_table(file, old, new, what):
    assert old in TABLES[file]
    found = faults_of({"c01.yaml": GOOD}, {**TABLES, file: TABLES[file].replace(old, new)})
    assert any(what in f.what and f.place.file == file and f.fix for f in found), [
        str(f) for f in found
    ]


def test_an_erring_rule_never_hides_others():
    """A rule whose figures are missing, or whose denominator is zero, is 无法判断; the rest is judged all the same."""
    from gouji.base.verdict import Verdict
    from making import YEAR, by_sql, submission_of

    book = book_of(
        {
            "t01.yaml": tie_text("T01", "数.甲 / 数.乙 = 1"),
            "t02.yaml": tie_text("T02", "数.丙 = 1"),
            "t03.yaml": tie_text("T03", "数.个 = 3"),
        }
    )
    submission = submission_of(
        book, [("单位", "A", YEAR, {}), ("数", "A", YEAR, {"甲": "1.00", "乙": "0.00", "个": "3"})]
    )
    verdicts = [o.verdict for o in by_sql(book, submission).tie_outs["A"]]
    assert verdicts == [Verdict.UNASSESSABLE, Verdict.UNASSESSABLE, Verdict.BALANCED]
