"""The catalogue: every message has its English and click's words their Chinese, and no text for people is written past it."""

import ast
import gettext
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from messages import calls

SOURCE = Path(__file__).parent.parent / "src" / "gouji"
MODULES = {
    str(p.relative_to(SOURCE)): ast.parse(p.read_text("utf-8"))
    for p in sorted(SOURCE.rglob("*.py"))
}
CLICK = Path(click.__path__[0])
CATALOGUES = {"en": SOURCE, "zh_CN": CLICK}
CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

# Chinese that is not a message: data, syntax, or the notation of the forms. Everything else goes through `_()`.
NAME = re.compile(r"[\w.@]+")
ALLOWED = {
    "rules/locate_file.py": (
        "kinds of slip, as the field calls them: data that reports and tests compare",
        set(),
    ),
    "narrative/says.py": ("kinds of relations, which reports and rules compare", set()),
    "narrative/worked.py": ("the name of a table in expressions", set()),
    "narrative/relation.py": (
        "why relations are open: data that reports, rules and examples compare",
        set(),
    ),
    "narrative/text_reading.py": ("states of figures, which reports and tests compare", set()),
    "base/verdict.py": (
        "verdict words and degrees are data: rule files, examples and reports compare them",
        {"平(尾差内)"},
    ),
    "rules/table.py": (
        "units of measure; what a name in a table description may not hold",
        {r"""^[^\s.\"'`#,()（）\[\]{}]+$"""},
    ),
    "expression/parse.py": (
        "上年 and 等级 are words of the measure language; full-width slips",
        {"[！-～\u3000“”‘’−–—]"},
    ),
    "expression/says_nothing.py": (
        "words and signs that give no reason, as people write them",
        {
            "\t\n\r -@\\[-`{-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufe30-\ufe4f\uff01-\uff20\uff3b-\uff40\uff5b-\uff65\ufeff一二三四五六七八九十",
            "[ \t\n\r\u00a0\u3000]*",
            "[./ ／．]*",
        },
    ),
    "expression/written_days.py": (
        "days as formulas write them",
        {
            r"(?<![\w.])(?:([0-9]{4})年|(次年|当年|本年))?([0-9]{1,2})月(?:([0-9]{1,2})日|底|末)(?!\w)"
        },
    ),
    "intake/values/date_text.py": (
        "signs of dates",
        {
            "０１２３４５６７８９－／．：\u3000",
            r"(?:([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2}))(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?",
        },
    ),
    "expression/half_width.py": (
        "signs of a Chinese keyboard",
        {
            "('[^']*')|‘([^‘’]*)’|“([^“”]*)”|＇([^＇]*)＇",
            "（）［］，．＋－＊／＝＜＞％！",
            "\u3000",
            "０",
            "９",
            "‘“＇]",
        },
    ),
    "expression/working_words.py": (
        "a measure read aloud is made of the names of the forms and stays in their language",
        {
            "上年(",
            "，只计 ",
            "；",
            "非(",
            "首个有数的(",
            " 未填",
            " 属于 ",
            " 没有说明什么",
            "等级(",
            "得分(",
            "行)",
            " 位小数",
            "各行(",
            " 且 ",
            " 或 ",
            " 时 ",
            "否则 ",
        },
    ),
    "intake/values/figure_text.py": (
        "units of measure; the words a unit writes where it has no figure",
        set(),
    ),
    "intake/workbooks/replies.py": (
        "the sheet 问题清单 and its header, which come back from units",
        set(),
    ),
    "intake/values/sql_figures.py": ("units of measure", set()),
    "intake/finding/likely.py": (
        "dates, numbers of forms and the notes below them",
        {
            "20[0-9]{2}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|公开[0-9]+表",
            "(?:注|说明|备注)[0-9]*[:：]",
            "[壹贰叁肆伍陆柒捌玖拾佰仟]",
        },
    ),
    "intake/ledger/known_units.py": (
        "what stands around the name of a unit in the name of a file",
        {
            r"(?:^|[^\u4e00-\u9fff]|年度?|[月日]|附件|报送|关于|[的、和与及])$",
            r"$|[^\u4e00-\u9fff]|部门|单位|年|决算|预算|公开|报[表送告]|自评|绩效|整体|项目|财务|收[支入]|支出|说明|表|调整|更正|[改的和与及]|定稿|终稿|附件|数据|资料|材料|情况",
        },
    ),
    "intake/workbooks/whose.py": (
        "what bodies are called",
        {"[局委办厅院校站所队馆处镇乡园社]|部(?!门)|中心|学校?|会(?!计)|街道|政府|公司"},
    ),
    "returns/plan.py": (
        "what every form prints: whose it is, its unit, its row labels",
        {"编制单位：", "单位：{unit}", "（{unit}）", "（[^（）]*表[^（）]*）$"},
    ),
    "intake/files/csv_cells.py": ("the columns of figures.csv that say where in a document", set()),
    "intake/files/figures_csv.py": ("the header of figures.csv", set()),
    "intake/ledger/submission.py": (
        "how the forms cite a place: 《document》第 n 行",
        {"《", "》"},
    ),
    "plan/grouping/row_sql.py": ("names of columns inside the statement", set()),
    "plan/totals.py": ("names of columns inside the statement", set()),
    "plan/brief/usual.py": ("names of columns inside the statement", set()),
    "plan/names.py": ("names of columns inside the statement", set()),
    "plan/wide.py": ("headers and words of the files that a bulk audit writes", set()),
    "plan/bulk_found.py": ("columns of the files that a bulk audit writes", set()),
    "plan/final_totals.py": (
        "words of the files that a bulk audit writes",
        {"{}，等级至多为“{}”", "{}：还不能判断，成立则等级至多为“{}”"},
    ),
    "plan/bulk_plan.py": ("headers and words of the files that a bulk audit writes", set()),
    "run/batch_sql.py": (
        "headers of the files that a bulk audit writes",
        {
            "SELECT u AS 单位代码, f.规则 AS 规则, f.类型 AS 类型, f.级别 AS 级别, f.左边 AS 左边, f.右边 AS 右边 FROM (",
            "{'规则': ",
            ", '类型': ",
            ", '级别': ",
            ", '左边': ",
            ", '右边': ",
            "], f.规则)",
            "SELECT u AS 单位代码, ",
            " AS 左边, ",
            " AS 右边 FROM (",
            "单位代码",
        },
    ),
    "app/merge_tables.py": ("a header of the files that a bulk audit writes", {"单位代码"}),
    "plan/engine/finding_rows.py": (
        "headers of the findings that a bulk audit writes",
        {"规则", "类型", "级别", "左边", "右边", "单位代码"},
    ),
    "spark/audited.py": ("a header of findings", {"级别"}),
    "spark/bucket_tables.py": (
        "headers of rows set aside",
        {"数据表", "行号", "单位代码", "列", "原因", "改法"},
    ),
    "app/bulk_run_sql.py": (
        "headers of the files that a bulk audit writes",
        {
            "CREATE TABLE set_aside (数据表 VARCHAR, 行号 BIGINT, 单位代码 VARCHAR, 列 VARCHAR, 原因 VARCHAR, 改法 VARCHAR)"
        },
    ),
    "synth/units_sql.py": (
        "words of a generator's specification; headers of defects.parquet",
        {
            ", '不平', unnest([",
            "种类', 1, ",
            ") AS 单位代码, 种类, 类型, 规则 FROM units JOIN (VALUES ",
            ") AS t(种类, 类型, 规则) ON 种类 = ",
        },
    ),
    "results/wide_layout.py": ("names of columns in the files of a bulk audit", set()),
    "results/decode.py": ("names of columns inside the statement", set()),
    "app/bulk_report_sql.py": ("names of columns in the files of a bulk audit", set()),
    "intake/files/bulk_units_sql.py": ("names of columns in the file of who filed", set()),
    "app/bulk_causes_sql.py": ("names of columns in the files of a bulk audit", set()),
    "intake/files/one_unit.py": ("units of measure", set()),
    "app/rule_preview.py": (
        "how a rule names the score of another",
        {r"得分\s*[(（]\s*([A-Z]{1,3}[0-9]{2,4})\s*[)）]"},
    ),
    "app/drafted_books.py": ("the name of the list beside drafted rules", {"草拟清单.xlsx"}),
    "drafting/left_over.py": ("units of time, words that join", set()),
    "drafting/clause.py": ("signs between sentences", {r"[。;,:\n]", "[。;]"}),
    "drafting/deductions.py": (
        "words that points of a list may hold, what denies them",
        {"[。,;]", "[未不没无缺少]"},
    ),
    "drafting/clause_events.py": (
        "signs between sentences and around a text, what a noun does not begin with",
        {"[。;,:、\\n", "。;,.:、()¦ \n", "的?[\u4e00-\u9fff]{2}(?<!的)(?<![的未不没扣得者均每].)"},
    ),
    "drafting/clause_grammar.py": (
        "signs between sentences, 分 behind a figure",
        {"(?!分))?", "[^。;¦\\n"},
    ),
    "drafting/accounting.py": (
        "signs between sentences, words that join",
        {
            r"[。;,:\n",
            "[、和及与][^、]{1,14}(?:",
            ")[均都各]$",
            ")[、和及与或][^、]{1,14}(?:",
            ")[均都应须要各]*$",
        },
    ),
    "drafting/items.py": ("words that points of a list may hold", set()),
    "drafting/unnumbered.py": ("signs between items, what earns nothing", {"，"}),
    "drafting/steps.py": ("signs between sentences, counts of days", {"[。;]"}),
    "drafting/clause_scored.py": (
        "words in front of a formula",
        {r"按照?[^。;,\d]{1,24}计分[,;。:]"},
    ),
    "drafting/measure.py": (
        "上年 is a word of the measure language; signs of names",
        {r"""[“”\"'()（）\s]""", "。;, "},
    ),
    "drafting/scoring_table.py": (
        "signs that names and points are printed with",
        {
            r"[(（]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]\s*$",
            r"""[\s()（）:：/／、“”\"*※]""",
            r"[\s分]",
        },
    ),
    "drafting/examples_of_parts.py": ("tables, columns and words of the examples it writes", set()),
    "drafting/mixed_parts.py": (
        "signs between sentences, and words that join a name to a figure",
        {r"(?<=[。;\n])", r"[\d≥≤<>=,。;]", "：", "(?<=分),", "[再另][得加计]"},
    ),
    "drafting/edge_examples.py": ("tables, columns and words of the examples it writes", set()),
    "drafting/make_draft.py": (
        "the table that stands in for open figures",
        set(),
    ),
    "drafting/book_files.py": (
        "words of the rule files it writes; signs of the list beside them",
        {
            r"[\u4e00-\u9fff“”][\u4e00-\u9fffA-Za-z0-9、，。；“”（）《》〔〕·%./×÷ -]*",
            "authority: 待填",
            "label: 待补数据",
            "key: [单位代码, 年度]",
            "note: 评分表里的数还不知道在哪张表的哪一列；查明以后改规则的 measure，这张表就不用了",
            "  - {name: 单位代码, type: text, null: never, role: unit}",
            "  - {name: 年度, type: count, null: never, role: year}",
            "# 原文 ",
            "（空）",
            "（",
            "）",
            "；",
            "：",
        },
    ),
    "documents/forms_printed.py": ("brackets around the place of a table", {"（", "）"}),
    "report/unit/scored_rows.py": ("the sign between texts", {"；"}),
    "intake/values/targets.py": (
        "signs, ends and grades as people write them",
        {
            "０１２３４５６７８９．，％（）：＋－",
            "＞=",
            "＞＝",
            ">＝",
            "＜=",
            "＜＝",
            "<＝",
            "＞",
            "＜",
            "＝",
            "(含)以上",
            "(含)以下",
            "(含)以内",
            ")([^0-9.,~～—–-]*)(?:-|—|–|~|～|至|到)(",
            "。；;",
        },
    ),
    "intake/values/measure_units.py": ("units of measure", set()),
    "explain/row_words.py": ("the signs between texts", {"；", "："}),
    "intake/workbooks/document_sheets.py": ("the sign between texts", {"；"}),
    "report/opinion_template.py": (
        "names of fonts; the number of a paragraph",
        {"{{ loop.index }}．{{ x.code }} {{ x.name }}"},
    ),
    "report/sheet_writer.py": ("the name of a font", set()),
    "report/wording.py": ("units of measure", set()),
    "report/unit/gap_words.py": ("the sign behind a label", {":： "}),
    "report/unit/figure_teller.py": (
        "a figure as the form prints it: its unit, its name in brackets when it is missing",
        {"〔", "〕"},
    ),
}
# Modules of nothing but words and patterns of what forms print. They say nothing to people.
GRAMMARS = (
    "narrative/text_facts.py",
    "narrative/goals.py",
    "narrative/grammar.py",
    "narrative/text_lines.py",
    "narrative/mentions.py",
    "narrative/figure_names.py",
    "narrative/owner.py",
    "narrative/similar.py",
    "narrative/sentence_words.py",
    "narrative/subjects.py",
    "narrative/units_in_text.py",
    "drafting/mask.py",
    "drafting/normal.py",
    "drafting/clause_parts.py",
    "drafting/respectively.py",
    "drafting/written_out.py",
    "documents/printed_words.py",
    "intake/deriving/derived_codes_sql.py",
    "intake/deriving/spelled_names_sql.py",
    "intake/values/codes.py",
    "intake/files/corrections.py",
    "intake/files/csv_lines.py",
    "intake/values/csv_values.py",
    "intake/finding/labels.py",
    "intake/form_draft/draft_words.py",
    "intake/finding/marks.py",
    "intake/workbooks/format_code.py",
    "intake/workbooks/number_format.py",
    "intake/finding/split_units.py",
    "intake/finding/titles.py",
    "intake/finding/unit_words.py",
    "intake/finding/unit_spelling.py",
    "intake/finding/units.py",
    "intake/finding/words.py",
    "intake/finding/year_columns.py",
)
SEPARATOR = "、"  # between names of the forms, in either language


def template(root):
    """Every message below a folder, as `make messages` finds it: id (or ids of a plural)."""
    found = extract_from_dir(
        root, method_map=[("**.py", "messages:extract")], keywords=DEFAULT_KEYWORDS
    )
    return {message for _file, _line, message, _comments, _context in found}


def catalogue(language):
    return read_po(BytesIO(po(language).read_bytes()), locale=language)


def po(language):
    return SOURCE / "locale" / language / "LC_MESSAGES" / "gouji.po"


def strings(message):
    return (message,) if isinstance(message, str) else tuple(message)


def fields(text):
    """The {fields} of a text with their conversions; a text that `format` could not read has none."""
    try:
        return {
            (name, conversion)
            for _text, name, _spec, conversion in Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        return set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_message_is_translated(language):
    wanted = template(CATALOGUES[language])
    made = {m.id: m for m in catalogue(language) if m.id}
    assert len(wanted) > 50
    assert sorted(wanted - set(made), key=str) == [], (
        "run `make messages` and translate what is new"
    )
    assert [m.id for m in made.values() if m.fuzzy or not all(strings(m.string))] == []


def test_nothing_is_translated_that_is_not_said():
    # Only of gouji's own: another version of click may say less.
    assert {m.id for m in catalogue("en") if m.id} - template(SOURCE) == set(), (
        "run `make messages`"
    )


@pytest.mark.parametrize("language", CATALOGUES)
def test_translations_have_the_same_fields(language):
    """Of a plural, any field that one of its forms has: click gives both the same values."""
    wrong = []
    for m in catalogue(language):
        given = [fields(text) for text in strings(m.id)]
        for said in map(fields, strings(m.string)):
            if not said <= set().union(*given) or (len(given) == 1 and said != given[0]):
                wrong.append(m.id)
    assert wrong == []


def test_english_is_english():
    # A quoted name or word of the forms is no translation left out; a message made only of it would be.
    assert [
        m.id
        for m in catalogue("en")
        if m.id and CJK.search(m.id) and not re.search("[A-Za-z±{]", m.string)
    ] == []
    assert [
        m.string for m in catalogue("en") if m.id and re.search("[，。；：？！“”（）]", m.string)
    ] == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_compiled_catalogue_is_current(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    with po(language).with_suffix(".mo").open("rb") as file:
        old, new = gettext.GNUTranslations(file), gettext.GNUTranslations(compiled)
    # Not byte for byte: the header names the version of Babel.
    assert texts(old) == texts(new), "run `make messages`"


def texts(translations):
    return {k: v for k, v in translations._catalog.items() if k}


def test_messages_are_whole_and_looked_up_when_said():
    """A message is one literal (else nobody can translate it), looked up in a function (else the language is not known yet)."""
    wrong = []
    for name, tree in MODULES.items():
        said = {
            id(c)
            for f in ast.walk(tree)
            if isinstance(f, (ast.FunctionDef, ast.Lambda))
            for body in body_of(f)
            for c in calls(body)
        }
        wrong += [
            f"{name}:{c.lineno} is looked up on import" for c in calls(tree) if id(c) not in said
        ]
        wrong += [
            f"{name}:{c.lineno} is not one literal"
            for c in calls(tree)
            if len(c.args) != 1 or not isinstance(c.args[0], ast.Constant)
        ]
    assert wrong == []


def body_of(function):
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def test_formatted_messages_have_single_braces():
    """`{{` is for messages that are formatted; elsewhere a reader would see both braces."""
    wrong = []
    for name, tree in MODULES.items():
        formatted = {
            id(n.value)
            for n in ast.walk(tree)
            if isinstance(n, ast.Attribute) and n.attr == "format"
        }
        wrong += [
            f"{name}:{c.lineno}"
            for c in calls(tree)
            if "{{" in c.args[0].value and id(c) not in formatted
        ]
    assert wrong == []


def test_no_chinese_past_the_catalogue():
    past = [
        f"{name}:{line}: {text!r}"
        for name, tree in MODULES.items()
        for line, text in bare(tree)
        if not allowed(name, text)
    ]
    assert past == []


def test_grammars_say_nothing():
    assert [name for name in GRAMMARS if list(calls(MODULES[name]))] == []


def allowed(name, text):
    """Whether a module may hold this: a plain name where data are, or what is listed for it."""
    return name in GRAMMARS or (
        name in ALLOWED and (bool(NAME.fullmatch(text)) or text in ALLOWED[name][1])
    )


def test_what_is_allowed_is_there():
    there = {name: {text for _line, text in bare(tree)} for name, tree in MODULES.items()}
    assert [
        name
        for name, (_why, listed) in ALLOWED.items()
        if not there.get(name) or listed - there[name]
    ] == []


def bare(tree):
    """Chinese literals that are neither messages nor docstrings."""
    spared = {id(c.args[0]) for c in calls(tree)} | {
        id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)
    }
    for n in ast.walk(tree):
        if (
            isinstance(n, ast.Constant)
            and isinstance(n.value, str)
            and CJK.search(n.value)
            and id(n) not in spared
            and n.value != SEPARATOR
        ):
            yield n.lineno, n.value


SPOKEN = {
    "zh help": (["--help"], "用法: ", "显示本说明后退出。"),
    "zh command": (["audit", "--help"], "选项:", "[默认: 4GB]"),
    "zh no such command": (["adit"], "错误: 没有命令 'adit'", "audit"),
    "zh no argument": (["audit"], "缺少参数", "DATA"),
    "zh extra argument": (["audit", "a", "b"], "多出的参数 (b)", ""),
    "en help": (["--lang", "en", "--help"], "Usage: ", "Kept runs: "),
    "en no such command": (["--lang", "en", "adit"], "Error: No such command 'adit'", ""),
    "en no such folder": (
        ["--lang", "en", "audit", "nowhere"],
        "no such folder or file: nowhere",
        "fix: check the path",
    ),
}


@pytest.mark.parametrize("arguments, first, second", SPOKEN.values(), ids=SPOKEN)
def test_the_command_line_speaks(arguments, first, second):
    # A process each: the language is the process's.
    done = subprocess.run(
        [sys.executable, "-m", "gouji", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert first in said and second in said
