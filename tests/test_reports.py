"""Reports: one page, the same figures in every form; what units write stays text in each; equal inputs give equal bytes."""

import csv
import io
import json as plain_json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import jsonschema
import openpyxl
import pyarrow.parquet
import pytest
from docx import Document

import gouji
from gouji.app import page_of
from gouji.app.books import load_book
from gouji.app.outcome_tables import to_parquet
from gouji.app.reports import files_of, html_files
from gouji.base.faults import DataError
from gouji.base.i18n import use_language
from gouji.base.plain import plain
from gouji.base.verdict import Verdict
from gouji.cli import Exit, main
from gouji.expression.nodes import Figure
from gouji.report import json, opinion, outcomes, xlsx
from gouji.report import text as told
from gouji.report.bureau import bureau
from gouji.report.depth import Depth
from gouji.report.heat_map import HeatMap
from gouji.report.html import Libraries, bureau_page, file_name, rules_page, unit_page
from gouji.report.page_of_unit import OutcomeParts, UnitReply
from gouji.report.unit.relation_sides import Sides
from gouji.report.unit.spots import SpotRow
from gouji.report.wording import points, shape_of, shown
from reporting import COMPLETE, HOSTILE, ROOT, attacked, complete, hostile, many

NO_LIBRARIES = Libraries("", "var x=1;export{x as default};")
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    OFFICE is None and "GOUJI_TEST_ALL" not in os.environ,
    reason="no LibreOffice here: apt-get install libreoffice-calc libreoffice-writer",
)


class Reader(HTMLParser):
    """The texts and tags of a page as a browser would build it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.attributes, self.scripts = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if data.strip() and self.tags[-1:] not in (["script"], ["style"]):
            self.texts.append(data.strip())


@pytest.mark.parametrize(
    "name, rules",
    [
        ("anning-2023", "anning-2023"),
        ("anning-2023-complete", "anning-2023"),
        ("county-demo", "final-accounts"),
    ],
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_brief_page_has_all_that_the_text_prints(name, rules, language):
    use_language(language)
    try:
        made = gouji.audit(ROOT / "datasets" / name, rules)
        whole, brief = page_of(made), page_of(made, Depth.TEXT)
        assert (
            told.render(brief) == told.render(whole)
            and not brief.rules
            and all(not row.parts.terms for card in brief.cards for row in card.tie_outs)
        )
    finally:
        use_language("zh_CN")


def payload(page_text):
    return plain_json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page_text, re.S)[1]
    )


def sheet(book, name):
    return [[cell.value for cell in row] for row in book[name].iter_rows(min_row=4)]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    (folder / "audit.json").write_text(json.render(complete()), "utf-8")
    return folder


# One page, one set of figures ---------------------------------------------------------------------------------------------------------------


def test_json_is_read_back_whole():
    page = complete()
    assert json.read(json.render(page), "audit.json") == page


# What short JSON says of a relation, by its verdict; a relation that fails says all.
KEYS = {
    "平": {"code", "verdict"},
    "不适用": {"code", "verdict"},
    "无法判断": {"code", "verdict", "gaps", "unsent"},
}
PAGE_KEYS = {
    "version",
    "title",
    "book",
    "authority",
    "year",
    "cards",
    "problems",
    "manifest",
    "rules",
}
CARD_KEYS = {"unit", "name", "totals", "criteria", "groups", "tie_outs", "causes", "remarks"}


@pytest.mark.parametrize("full", [True, False], ids=["full", "short"])
def test_the_keys_of_audit_json_stay(full):
    plain = plain_json.loads(json.render(complete(), full))
    assert plain.keys() >= PAGE_KEYS
    every = set(plain_json.loads(json.render(complete()))["cards"][0]["tie_outs"][0])
    for card in plain["cards"]:
        assert card.keys() >= CARD_KEYS and {"code", "verdict"} <= set(card["criteria"][0])
        for row in card["tie_outs"]:
            few = KEYS.get(row["verdict"])
            assert (
                set(row) == every if full or few is None else {"code", "verdict"} <= set(row) <= few
            )


def test_short_json_keeps_every_outcome_and_is_read_back():
    page = complete()
    text = json.render(page, full=False)
    assert len(text) < len(json.render(page)) / 2
    jsonschema.validate(plain_json.loads(text), plain_json.loads(json.schema()))
    again = json.read(text, "audit.json")
    assert replace(again, cards=()) == replace(page, cards=())
    for card, own in zip(again.cards, page.cards, strict=True):
        assert replace(card, tie_outs=()) == replace(own, tie_outs=())
        for row, whole in zip(card.tie_outs, own.tie_outs, strict=True):
            if row.verdict in KEYS:
                whole = replace(whole, working="", places=(), parts=OutcomeParts(), spots=())
            assert row == whole
    assert json.render(again, full=False) == text


def test_what_is_not_asked_for_is_not_made():
    """Each depth shows what it has to show: pages, letters and workbooks of a shallow page are those of the whole, byte for byte."""
    made = gouji.audit(COMPLETE)
    whole, pages, data = (page_of(made, d) for d in (Depth.WHOLE, Depth.PAGES, Depth.DATA))
    for form in ("html", "xlsx", "docx"):
        assert dict(files_of(pages, form)) == dict(files_of(whole, form))
    assert json.render(data, full=False) == json.render(whole, full=False)
    assert any(
        row.parts.terms for card in whole.cards for row in card.tie_outs if row.verdict == "平"
    )
    assert not any(
        row.working for card in data.cards for row in card.tie_outs if row.verdict == "平"
    )


def test_pages_made_by_other_processes_are_the_same_pages(monkeypatch):
    from gouji.app import page_workers

    monkeypatch.setattr(page_workers, "MANY", 1)
    page = complete()
    for form in ("html", "docx"):
        assert dict(files_of(page, form, workers=2)) == dict(files_of(page, form))


def test_json_meets_its_schema():
    schema = plain_json.loads(json.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plain_json.loads(json.render(complete())), schema)
    broken = plain_json.loads(json.render(complete()))
    broken["cards"][0]["totals"]["score"] = 95.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_the_schema_is_printed(capsys):
    assert main(["rules", "schema", "page"]) == Exit.CLEAN
    assert plain_json.loads(capsys.readouterr().out)["properties"]["version"] == {
        "const": json.VERSION,
        "type": "integer",
    }


UNREADABLE = {
    "no JSON": "{",
    "no page": "[]",
    "nothing": "{}",
    "an older version": '{"version": 1}',
    "a newer version": '{"version": 99}',
    "half a page": '{"version": 3, "title": "x"}',
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_page_is_refused(text):
    with pytest.raises(DataError):
        json.read(text, "audit.json")


def test_figures_are_the_same_in_every_form():
    """Totals, scores, deductions and findings of every unit: html, xlsx, docx, csv, parquet against the page (which json is, by its own test)."""
    page = complete()
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(page)), data_only=True)
    summary = {row[0]: row for row in sheet(book, "审核汇总表")}
    scores = {(row[0], row[2]): row for row in sheet(book, "评分明细")}
    findings = {(row[0], row[3]): row for row in sheet(book, "问题清单")}
    table = {
        (r["unit"], r["code"]): r
        for r in pyarrow.parquet.read_table(io.BytesIO(to_parquet(page))).to_pylist()
    }
    lines = {
        (r["unit"], r["code"]): r
        for r in csv.DictReader(io.StringIO(outcomes.to_csv(page).decode("utf-8-sig")))
    }
    listed = {row[0]: row for row in payload(bureau_page(bureau(page), NO_LIBRARIES))["units"]}
    for card in page.cards:
        html = Reader(unit_page(page, card)).texts
        document = Document(io.BytesIO(opinion.render(page, card)))
        said = "\n".join(p.text for p in document.paragraphs)
        cells = {c.text for t in document.tables for row in t.rows for c in row.cells}
        total = card.totals
        assert f"复核得分 {points(total.score)} 分" in said and points(total.score) in html
        assert (Decimal(str(summary[card.unit][3])), summary[card.unit][2]) == (
            total.score,
            total.grade,
        )
        assert (Decimal(str(listed[card.unit][3])), listed[card.unit][2]) == (
            total.score,
            total.grade,
        )
        for row in card.criteria:
            found, line = scores[card.unit, row.code], table[card.unit, row.code]
            assert (number(found[8]), line["score"]) == (row.score, row.score)
            assert lines[card.unit, row.code]["score"] == (
                "" if row.score is None else str(row.score)
            )
            if row.verdict == Verdict.DEDUCTED and row.deduction and row.recomputed:
                assert number(found[9]) == row.deduction == line["deduction"]
                assert (
                    points(row.deduction) in html
                    and points(row.deduction) in cells
                    and row.why in cells
                    and plain(row.working) in html
                )
        for tie in card.tie_outs:
            assert (
                table[card.unit, tie.code]["verdict"]
                == tie.verdict
                == lines[card.unit, tie.code]["verdict"]
            )
            assert ((card.unit, tie.code) in findings) == (tie.verdict == Verdict.UNBALANCED)
            if tie.verdict == Verdict.UNBALANCED:
                assert (
                    findings[card.unit, tie.code][6] == tie.working
                    and tie.working in html
                    and tie.working in cells
                )
    assert (
        len(table)
        == len(lines)
        == sum(len(c.criteria) + len(c.tie_outs) for c in page.cards)
        == page.manifest["outcomes"]
    )


def number(cell):
    return None if cell is None else Decimal(str(cell))


def test_cached_values_are_what_the_formulas_say():
    """Each formula of the workbook, computed again from the cells it names."""
    made = io.BytesIO(xlsx.render(complete()))
    formulas, cached = openpyxl.load_workbook(made), openpyxl.load_workbook(made, data_only=True)
    seen = set()
    for name in formulas.sheetnames:
        for row in formulas[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    seen.add(cell.value.split("(")[0] if "(" in cell.value else "difference")
                    assert computed(cached, name, cell.value) == pytest.approx(
                        cached[name][cell.coordinate].value, abs=1e-9
                    ), (name, cell.coordinate)
    assert seen >= {"=SUM", "=SUBTOTAL", "=SUMIF", "difference"}


def computed(book, sheet, formula):
    """The four shapes that the workbook uses."""
    value = lambda at, on=sheet: book[on][at].value or 0  # noqa: E731
    cells = lambda span, on=sheet: [c.value for row in book[on][span] for c in row]  # noqa: E731
    if found := re.fullmatch(r"=([A-Z]+\d+)-([A-Z]+\d+)", formula):
        return value(found[1]) - value(found[2])
    if found := re.fullmatch(r"=SUMIF\(([A-Z0-9:]+),([A-Z0-9]+),([A-Z0-9:]+)\)", formula):
        return sum(
            n or 0
            for key, n in zip(cells(found[1]), cells(found[3]), strict=True)
            if key == value(found[2])
        )
    found = re.fullmatch(r"=(?:SUM|SUBTOTAL)\((?:109,)?(?:'([^']+)'!)?([A-Z0-9:]+)\)", formula)
    assert found, formula
    return sum(n or 0 for n in cells(found[2], found[1] or sheet))


@needs_office
def test_libreoffice_opens_the_workbook_and_computes_the_same(tmp_path):
    """Recomputed from the formulas alone: the values that were cached are taken out first."""
    source = tmp_path / "report.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(xlsx.render(complete()))) as old,
        zipfile.ZipFile(source, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    out = office(source, "xlsx:Calc MS Excel 2007 XML", tmp_path)
    found, wanted = (
        openpyxl.load_workbook(f, data_only=True)
        for f in (out, io.BytesIO(xlsx.render(complete())))
    )
    assert found.sheetnames == wanted.sheetnames
    for name in wanted.sheetnames:
        for row in wanted[name].iter_rows():
            for cell in row:
                other = found[name][cell.coordinate].value
                if isinstance(cell.value, (int, float)):
                    assert other == pytest.approx(cell.value, abs=1e-9), (name, cell.coordinate)
                elif cell.value is not None:
                    assert (other or "") == cell.value.replace("\r", ""), (name, cell.coordinate)


def office(source, to, tmp_path):
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(tmp_path / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return tmp_path / "out" / source.with_suffix(f".{to.split(':')[0]}").name


# What units write stays text ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda p: bureau_page(bureau(p), NO_LIBRARIES),
        lambda p: rules_page(bureau(p)),
        *[lambda p, i=i: unit_page(p, p.cards[i]) for i in range(len(HOSTILE))],
    ],
)
def test_no_name_becomes_markup(make):
    """An honest page and a hostile one have the same elements, in number and kind, and the same event attributes: none."""
    page = hostile()
    honest = replace(
        page,
        title="题",
        note="注",
        cards=tuple(attacked(c, "甲", i) for i, c in enumerate(page.cards)),
        problems=tuple(("甲",) * 3 for _ in HOSTILE),
        not_filed=tuple(("甲", "甲") for _ in HOSTILE),
    )
    bad, good = Reader(make(page)), Reader(make(honest))
    assert bad.tags == good.tags
    assert [
        a
        for a in bad.attributes
        if a[0].startswith("on") or str(a[1]).lower().startswith("javascript:")
    ] == []
    assert "\x00" not in make(page) and "\u202e" not in make(page)


def test_scripts_run_by_their_hash_alone():
    for text in (
        bureau_page(bureau(hostile()), NO_LIBRARIES),
        unit_page(hostile(), hostile().cards[0]),
    ):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        scripts = policy.split("script-src ")[1].split(";")[0]
        assert (
            "default-src 'none'" in policy
            and "unsafe-inline" not in scripts
            and scripts.count("sha256-") >= 1
        )
        assert not re.search(
            r"""(?:src|href)=["']?(?:https?:)?//""",
            re.sub(r"<script.*?</script>", "", text, flags=re.S),
        )


def test_workbook_text_is_text():
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(hostile())))
    for ws in book.worksheets:
        for row in ws.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.match(
                        r"=(SUM|SUBTOTAL|SUMIF|ROUND)\(|=[A-Z]+\d+-[A-Z]+\d+$", cell.value
                    ), cell.value
                assert cell.hyperlink is None
    names = [row[1] for row in sheet(book, "审核汇总表")]
    assert names == [plain(text) for text in HOSTILE]


def test_no_cell_of_csv_begins_like_a_formula():
    for row in csv.reader(io.StringIO(outcomes.to_csv(hostile()).decode("utf-8-sig"))):
        assert [
            c
            for c in row
            if c[:1] in "=+-@\t\r" and c and not re.fullmatch(r"-?\d+(\.\d+)?(/\d+)?", c)
        ] == []


@pytest.mark.parametrize("i", range(len(HOSTILE)))
def test_opinion_text_is_text(i):
    page = hostile()
    honest = replace(page, cards=tuple(attacked(c, "甲", n) for n, c in enumerate(page.cards)))
    bad, good = (zipfile.ZipFile(io.BytesIO(opinion.render(p, p.cards[i]))) for p in (page, honest))
    xml, other = bad.read("word/document.xml").decode(), good.read("word/document.xml").decode()
    for sign in ("<w:instrText", "<w:fldSimple", "<w:hyperlink", "<w:object", "<w:altChunk"):
        assert sign not in xml
    assert xml.count("<w:tr>") + xml.count("<w:tr ") == other.count("<w:tr>") + other.count(
        "<w:tr "
    )
    said = "\n".join(
        p.text for p in Document(io.BytesIO(opinion.render(page, page.cards[i]))).paragraphs
    )
    assert plain(HOSTILE[i]).replace("\x00", "") in said, said[:200]


def test_file_names_say_nothing_to_a_file_system():
    names = {
        file_name(text)
        for text in (*HOSTILE, "../../etc/passwd", "CON", "a", "A", "", "甲/乙", ".")
    }
    assert len(names) == len(HOSTILE) + 7
    assert all(re.fullmatch(r"unit-[0-9A-Za-z_-]+\.html", name) for name in names)
    assert len({name.lower() for name in names}) == len(names)


@needs_office
def test_hostile_documents_open_in_libreoffice(tmp_path):
    page = hostile()
    (tmp_path / "a.xlsx").write_bytes(xlsx.render(page))
    (tmp_path / "b.docx").write_bytes(opinion.render(page, page.cards[3]))
    table = office(
        tmp_path / "a.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path
    ).read_text("utf-8")
    assert '=HYPERLINK("' not in table.replace('=HYPERLINK(""', "") and "http://x.invalid" in table
    assert office(tmp_path / "b.docx", "pdf", tmp_path).stat().st_size > 10_000


# The same inputs, the same bytes ------------------------------------------------------------------------------------------------------------

FORMS = ("xlsx", "docx", "json", "csv", "parquet", "text")


@pytest.mark.parametrize("form", FORMS)
def test_equal_inputs_give_equal_bytes(form):
    page = replace(complete(), cards=complete().cards[:2])
    assert list(files_of(page, form)) == list(files_of(page, form))


def test_office_files_hold_no_clock():
    for made in (
        xlsx.render(complete()),
        opinion.render(complete(), complete().cards[0]),
        opinion.default_template(),
    ):
        with zipfile.ZipFile(io.BytesIO(made)) as zipped:
            assert {e.date_time for e in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            dates = re.findall(rb"<dcterms:\w+[^>]*>([^<]*)<", zipped.read("docProps/core.xml"))
            assert dates and all(d.endswith(b"-12-31T00:00:00Z") for d in dates)


# The template ------------------------------------------------------------------------------------------------------------------------------


def test_the_bureau_replaces_the_template(run_folder, tmp_path, capsys):
    file = tmp_path / "own.docx"
    assert main(["forms", "opinion", "--out", str(file)]) == Exit.CLEAN
    document = Document(str(file))
    document.paragraphs[0].insert_paragraph_before("本局自己的抬头 {{ name }}, {{ due }}前回复")
    document.save(str(file))
    arguments = [
        "report",
        str(run_folder),
        "--format",
        "docx",
        "--unit",
        "ANCG001B",
        "--template",
        str(file),
        "--due",
        "6月30日",
        "--out",
        str(tmp_path),
    ]
    assert main(arguments) == Exit.CLEAN
    made = Document(str(tmp_path / "opinions" / "unit-ANCG001B.docx"))
    assert (
        made.paragraphs[0].text
        == "本局自己的抬头 安宁市城市管理综合服务中心（示例乙）, 6月30日前回复"
    )
    capsys.readouterr()


@pytest.mark.parametrize("wrong", ["{{ nobody }}", "{{ name.__class__.__mro__ }}", "{% for %}"])
def test_a_template_can_only_say_what_it_is_given(wrong, tmp_path):
    document = Document()
    document.add_paragraph(wrong)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(DataError):
        opinion.render(complete(), complete().cards[0], out.getvalue())


# What the page adds ------------------------------------------------------------------------------------------------------------------------


def test_totals_under_each_reading():
    card = next(c for c in complete().cards if c.unit == "ANCG001B")
    assert {r.reading: r.score for r in card.readings} == {
        "whole": Decimal("75.40"),
        "begun": Decimal("73.95"),
        "prorata": Decimal("74.85"),
    }
    changed = sum(r.readings["begun"] - r.score for r in card.criteria if "begun" in r.readings)
    assert card.totals.score + changed == Decimal("73.95")


def test_the_next_grade_keeps_data_and_performance_apart():
    card = next(c for c in complete().cards if c.unit == "ANCG001B")
    found = card.next_grade
    assert (found.grade, found.at, found.lacking) == ("良", Decimal("80.00"), Decimal("4.60"))
    assert found.by_data == sum(x.gain for x in found.levers if x.kind == "data")
    assert found.by_data + found.by_performance == complete().total - card.totals.score
    data = {x.code for x in found.levers if x.kind == "data"}
    assert data == {r.code for r in card.criteria if r.doubts and r.verdict == Verdict.DEDUCTED}


def test_open_points_are_data_and_the_best_grade_has_no_next():
    real = gouji.app.page_of(gouji.audit(ROOT / "datasets" / "anning-2023")).cards[0]
    assert real.next_grade is None and (real.totals.grade, real.totals.own_grade) == ("待定", "优")
    best = next(c for c in complete().cards if c.totals.score == 100)
    assert best.next_grade is None


def test_parts_add_up_to_the_difference():
    """For every finding that is a sum: the signed exact figures of the left side less those of the right are the difference."""
    checked = 0
    for card in complete().cards:
        for tie in card.tie_outs:
            terms = [t for t in tie.parts.terms if t.sign != "·"]
            if (
                tie.parts.difference
                and terms
                and all(t.sign in ("+", "−") and t.exact for t in terms)
                and {t.side for t in terms} == {"left", "right"}
            ):
                sides = {
                    side: sum(
                        (
                            Decimal(t.exact) * (1 if t.sign == "+" else -1)
                            for t in terms
                            if t.side == side
                        ),
                        Decimal(0),
                    )
                    for side in ("left", "right")
                }
                assert Decimal(tie.parts.exact) == sides["right"], (card.unit, tie.code)
                assert sides["left"] != sides["right"] or tie.verdict == Verdict.BALANCED
                checked += 1
    assert checked > 50


def test_text_holds_no_command_and_no_forged_line():
    """Control characters, marks of direction and line feeds of units reach no terminal, coloured or not; gouji's own colours stay."""
    page = complete()
    name = "甲\x1b[31m乙\u202e丙\n勾稽关系 0 条: 平 9"
    cards = tuple(
        replace(
            c,
            unit=f"U{i}\x9b1m",
            name=name,
            said=(UnitReply("T01", name, "x\r\nU.xlsx"),),
            tie_outs=tuple(
                replace(t, verdict="不平", working=name, places=(name,), gaps=(name,))
                for t in c.tie_outs[:3]
            ),
            criteria=tuple(replace(r, working=name, gaps=(name,)) for r in c.criteria[:3]),
        )
        for i, c in enumerate(page.cards[:2])
    )
    hostile = replace(
        page,
        title=name,
        cards=cards,
        not_filed=(("Z", name),),
        unexpected=(("Y", name),),
        problems=((name, name, name),),
    )
    for color in (False, True):
        made = (
            re.sub("\x1b\\[[0-9;]*m", "", told.render(hostile, color=color))
            if color
            else told.render(hostile)
        )
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", made)
        assert [
            line for line in made.splitlines() if line.lstrip().startswith("勾稽关系 0 条")
        ] == [] and "⏎" in made
    assert "单位的审核说明（1 条）" in made and "T01（这条规则现在没有问题）" in made


def test_spots_of_a_rule_over_rows_are_shown():
    spot = SpotRow(
        "208",
        "社会保障<b>",
        "基本支出",
        "不平",
        Sides("=", "980.00万元", "970.00万元", "10.00万元", rolled=True),
        "",
        ("决算.xlsx/公开03表/C12",),
    )
    card = complete().cards[0]
    row = replace(
        card.tie_outs[0],
        verdict=Verdict.UNBALANCED,
        spots=(spot,),
        parts=replace(card.tie_outs[0].parts, terms=()),
    )
    texts = Reader(unit_page(complete(), replace(card, tie_outs=(row,)))).texts
    assert all(
        text in texts
        for text in (
            "208",
            "社会保障<b>",
            "基本支出",
            "980.00万元",
            "970.00万元",
            "10.00万元",
            "本行",
            "下级之和",
            "决算.xlsx/公开03表/C12",
        )
    )


def test_what_waits_for_a_table_is_listed_by_table():
    card = complete().cards[0]
    row = replace(card.tie_outs[0], verdict=Verdict.UNASSESSABLE, unsent=("收入支出决算总表",))
    texts = Reader(unit_page(complete(), replace(card, tie_outs=(row,)))).texts
    assert "没有报送的数据表" in texts and "收入支出决算总表" in texts
    assert "勾稽关系 1 条：能判断 0 条，不平 0 条，其中错误 0 条。" in texts


# Commands ----------------------------------------------------------------------------------------------------------------------------------


def test_report_of_a_run_of_its_json_and_of_a_dataset(run_folder, tmp_path, capsys):
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    for source, out in ((run_folder, one), (run_folder / "audit.json", two), (COMPLETE, three)):
        assert (
            main(
                [
                    "report",
                    str(source),
                    "--format",
                    "csv",
                    "--format",
                    "json",
                    "--full",
                    "--out",
                    str(out),
                ]
            )
            == Exit.CLEAN
        )
    assert (
        one.joinpath("report.csv").read_bytes()
        == two.joinpath("report.csv").read_bytes()
        == three.joinpath("report.csv").read_bytes()
    )
    assert one.joinpath("report.json").read_bytes() == (run_folder / "audit.json").read_bytes()
    capsys.readouterr()


ONE_FILE = {
    "a workbook of all": (["--format", "xlsx"], "all.xlsx"),
    "the opinion of one unit": (["--format", "docx", "--unit", "ANCG001A"], "one.docx"),
    "the page of one unit": (["--unit", "ANCG001A"], "one.html"),
    "text of one unit": (["--format", "text", "--unit", "ANCG001A"], "one.txt"),
}
NO_FILE = {
    "opinions of all": (["--format", "docx"], "all.docx", "每个单位一个文件"),
    "pages of all": ([], "all.html", "每个单位一个文件"),
    "another suffix": (["--format", "xlsx"], "all.docx", "不符"),
    "two forms": (["--format", "xlsx", "--format", "csv"], "all.xlsx", "不符"),
}


@pytest.mark.parametrize("words, name", ONE_FILE.values(), ids=ONE_FILE)
def test_out_names_the_one_file(run_folder, tmp_path, capsys, words, name):
    target = tmp_path / "below" / name
    assert main(["report", str(run_folder), *words, "--out", str(target)]) == Exit.CLEAN
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [target]
    assert capsys.readouterr().out == f"报告已写入 {target}\n"


@pytest.mark.parametrize("words, name, said", NO_FILE.values(), ids=NO_FILE)
def test_a_file_that_cannot_be_is_refused(run_folder, tmp_path, capsys, words, name, said):
    assert main(["report", str(run_folder), *words, "--out", str(tmp_path / name)]) == Exit.UNUSABLE
    assert said in capsys.readouterr().err and list(tmp_path.iterdir()) == []


def test_the_run_of_a_night_is_a_run(tmp_path, capsys):
    from gouji.app.run_night import night
    from nights import CONFIG, workspace

    root = workspace(tmp_path / "ws", CONFIG + "expected: expected.csv\n", A={}, B={"left": "4.00"})
    (root / "expected.csv").write_text("单位代码,单位名称\nA,甲\nZ,丙\n", "utf-8")
    made = night(root)
    (run,) = [p.parent for p in (tmp_path / "ws").rglob("audit.json")]
    assert (
        main(
            [
                "report",
                str(run),
                "--format",
                "html",
                "--format",
                "xlsx",
                "--out",
                str(tmp_path / "out"),
            ]
        )
        == Exit.CLEAN
    )
    assert sorted(p.name for p in (tmp_path / "out" / "units").iterdir()) == [
        "unit-A.html",
        "unit-B.html",
    ]
    page = json.read((run / "audit.json").read_text("utf-8"), "x")
    assert made and page.rules and page.not_filed == (("Z", "丙"),)
    capsys.readouterr()


def test_a_night_that_keeps_no_pages_has_them_on_demand(tmp_path, capsys):
    """Of more units than `pages_at_most`: the page of a unit is made from what the run kept, the same as a run that keeps pages keeps; the bureau's by counting."""
    from gouji.app.night_reports import night_bureau, night_unit
    from gouji.app.replaying import replay
    from gouji.app.run_night import night
    from gouji.report.bureau import bureau
    from nights import CONFIG, submit, workspace

    units = {
        "A": {},
        "B": {"left": "4.00", "prior": "120.00"},
        "C": {"left": None, "score": None},
        "D": {"spent": "80.00", "left": "19.99", "score": "8.5"},
    }
    runs = {}
    for most in (1, 200):
        root = workspace(
            tmp_path / f"ws{most}",
            CONFIG + f"expected: expected.csv\npages_at_most: {most}\n",
            **units,
        )
        (root / "expected.csv").write_text("单位代码,单位名称\nA,甲\nZ,丙\n", "utf-8")
        # Two submissions about one unit are judged together.
        submit(root, "E", unit="A2")
        submit(root, "F", unit="A2", income="1.00")
        runs[most] = night(root).folder
    assert not (runs[1] / "audit.json").exists()
    whole = json.read((runs[200] / "audit.json").read_text("utf-8"), "x")
    for card in whole.cards:
        assert night_unit(runs[1], card.unit) == replace(whole, cards=(card,))
    # Which form a verdict is open for, or a rule reads, no table of outcomes tells.
    assert night_bureau(runs[1]) == replace(bureau(whole), unsent=(), heat=HeatMap())
    assert replay(runs[1], runs[1].parent.parent / "objects").differing == ()
    run = str(runs[1])
    assert (
        main(
            [
                "report",
                run,
                "--unit",
                "B",
                "--format",
                "html",
                "--format",
                "docx",
                "--out",
                str(tmp_path / "b"),
            ]
        )
        == Exit.CLEAN
    )
    assert main(["report", run, "--out", str(tmp_path / "all")]) == Exit.CLEAN
    assert (
        sorted(p.name for p in (tmp_path / "all").iterdir()) == ["index.html", "rules.html"]
        and (tmp_path / "b/units/unit-B.html").is_file()
    )
    assert (
        main(["report", run, "--unit", "nobody"]) == Exit.UNUSABLE
        and main(["report", run, "--format", "xlsx"]) == Exit.UNUSABLE
    )
    (packs,) = (runs[1].parent.parent / "objects").iterdir()
    packs.unlink()
    assert (
        main(["report", run, "--unit", "B"]) == Exit.UNUSABLE
        and "keep_inputs" in capsys.readouterr().err
    )


REFUSED = {
    "no such run": ["report", "no-such-run"],
    "no such unit": ["report", "{run}", "--unit", "nobody"],
    "no such form": ["report", "{run}", "--format", "wps"],
    "no such template": ["report", "{run}", "--format", "docx", "--template", "nowhere.docx"],
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_refused(arguments, run_folder, capsys):
    assert main([a.format(run=run_folder) for a in arguments]) == Exit.UNUSABLE
    assert capsys.readouterr().err


def test_a_unit_alone_is_one_page(run_folder, tmp_path, capsys):
    assert (
        main(["report", str(run_folder), "--unit", "ANCG001B", "--out", str(tmp_path)])
        == Exit.CLEAN
    )
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*.html"))] == [
        "units/unit-ANCG001B.html"
    ]
    capsys.readouterr()


@needs_office
def test_pdf_where_libreoffice_is(run_folder, tmp_path, capsys):
    assert (
        main(
            [
                "report",
                str(run_folder),
                "--format",
                "pdf",
                "--unit",
                "ANCG001A",
                "--out",
                str(tmp_path),
            ]
        )
        == Exit.CLEAN
    )
    assert (tmp_path / "opinions" / "unit-ANCG001A.pdf").read_bytes().startswith(b"%PDF")
    capsys.readouterr()


def test_pdf_without_libreoffice_says_so(run_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (
        main(
            [
                "report",
                str(run_folder),
                "--format",
                "pdf",
                "--unit",
                "ANCG001A",
                "--out",
                str(tmp_path),
            ]
        )
        == Exit.UNUSABLE
    )
    assert "LibreOffice" in capsys.readouterr().err


def test_ten_thousand_units_are_one_small_page():
    files = html_files(many(10_000))
    name, content = next(files)
    assert name == "index.html" and len(content) < 6_000_000
    assert len(payload(content.decode())["units"]) == 10_000
    assert [name for name, _ in files] == ["rules.html"]


def test_templates_hold_no_words_of_their_own():
    folder = ROOT / "src" / "gouji" / "report" / "html"
    for path in (*folder.glob("templates/*.html"), *folder.glob("assets/*.js")):
        assert not re.search("[\u4e00-\u9fff]", path.read_text("utf-8")), path.name


def test_an_opinion_of_relations_alone_speaks_of_no_score():
    said = {}
    for scored in (True, False):
        page = complete() if scored else replace(complete(), total=Decimal(0))
        made = Document(io.BytesIO(opinion.render(page, page.cards[1])))
        said[scored] = [p.text for p in made.paragraphs]
        assert len(made.tables) == (3 if scored else 1)
    heads = {
        scored: [t for t in texts if re.match("[一二三四五]、", t)]
        for scored, texts in said.items()
    }
    assert heads == {
        True: [
            "一、审核结论",
            "二、扣分事项",
            "三、勾稽问题",
            "四、尚待补报或核对",
            "五、处理要求",
        ],
        False: ["一、审核结论", "二、勾稽问题", "三、处理要求"],
    }
    assert "绩效自评审核意见书" in said[True] and "部门决算审核意见书" in said[False]
    assert not any("复核得分" in text for text in said[False])


def test_what_templates_and_json_name_is_documented():
    page = (ROOT / "docs" / "reports.md").read_text("utf-8")
    given = opinion.values(complete(), complete().cards[4])
    below = {key for name in ("deductions", "findings", "wanted") for key in given[name][0]}
    assert [
        name
        for name in (*given, *below, *plain_json.loads(json.schema())["properties"])
        if f"`{name}`" not in page
    ] == []
    for sheet_name in openpyxl.load_workbook(io.BytesIO(xlsx.render(complete()))).sheetnames:
        assert sheet_name.split(" ")[0] in page, sheet_name


YEARS = {
    "a year named in a report": ("文本核查", "评价年度", 2023, "2023"),
    "the year until which something was done": ("文本核查", "评价准备截止年份", 2024, "2024"),
    "the year of a form": ("文本核查", "年度", 2023, "2023"),
    "a count": ("三公经费", "公务用车保有量", 2023, "2,023辆"),
}


@pytest.mark.parametrize("table, column, value, words", YEARS.values(), ids=YEARS)
def test_a_year_has_no_thousands(table, column, value, words):
    tables = load_book("anning-2023").tables
    shape = shape_of(Figure(table, column, False), tables)
    assert shown(Fraction(value), shape) == words
