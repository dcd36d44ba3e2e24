"""The pages in a real browser: no error, no request, charts drawn, filters and the inspector clicked and read back, hostile names harmless.

Debian's chromium driven through chromedriver; without them these tests are skipped, and the reason says what to install.
"""

import json
import os
import shutil
from dataclasses import replace
from urllib.parse import unquote

import pytest

from gouji.app.reports import html_files, write_files
from gouji.report.bureau import bureau
from gouji.report.wording import points
from reporting import HOSTILE, complete, hostile, many

BROWSER, DRIVER = (
    shutil.which("chromium") or shutil.which("chromium-browser"),
    shutil.which("chromedriver"),
)
# In CI a missing browser is a failure, not a skip.
pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER) and "GOUJI_TEST_ALL" not in os.environ,
    reason="no browser here: apt-get install chromium chromium-driver",
)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(DRIVER))
    made.set_script_timeout(60)
    yield made
    made.quit()


def site(page, tmp_path_factory, name):
    folder = tmp_path_factory.mktemp(name)
    write_files(folder, html_files(page))
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return site(complete(), tmp_path_factory, "small")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    return site(hostile(), tmp_path_factory, "hostile")


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return site(many(10_000), tmp_path_factory, "large")


def opened(browser, file, *, light=True):
    """Open a page and wait until its charts are drawn; what went before is forgotten."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {
            "features": [
                {"name": "prefers-color-scheme", "value": "light" if light else "dark"},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]
        },
    )
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(file.as_uri())
    if file.name == "index.html":
        waited(browser, "document.body.dataset.drawn === 'yes'")
    return browser


def waited(browser, condition):
    """Resolves when the page says so; a page that never does runs into the script timeout."""
    browser.execute_async_script(
        f"const done = arguments[0]; const look = () => ({condition}) ? done(true) : setTimeout(look, 30); look();"
    )


def said(browser, script):
    return browser.execute_script(f"return {script}")


def errors(browser):
    return [e["message"] for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]


def requests(browser):
    """Addresses that the page asked for, beyond itself."""
    sent = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    urls = [
        m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"
    ]
    return [u for u in urls if not u.startswith(("file:", "data:"))] + [
        u for u in urls if u.startswith("file:") and not u.split("#")[0].endswith(".html")
    ]


ROWS = "document.querySelectorAll('#table tbody tr')"
NAMES = f"[...{ROWS}].map(r => r.cells[0].querySelector('small')?.textContent)"
INFO = "document.querySelector('.dt-info').textContent"


@pytest.mark.parametrize(
    "name", ["index.html", "rules.html", "units/unit-ANCG001B.html", "units/unit-ANCG001E.html"]
)
@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_no_error_and_no_request(browser, small, name, light):
    opened(browser, small / name, light=light)
    assert errors(browser) == [] and requests(browser) == []
    assert said(browser, "document.documentElement.scrollWidth <= innerWidth")


def test_charts_are_really_drawn(browser, small):
    opened(browser, small / "index.html")
    b = bureau(complete())
    assert said(browser, "[...document.querySelectorAll('.vega svg')].length") == 4
    marks = "document.querySelectorAll('#chart-{} svg .mark-{} path').length"
    assert said(browser, marks.format("distribution", "rect.role-mark")) == len(b.bins)
    assert said(browser, marks.format("against", "symbol.role-mark")) == len(b.pairs)
    assert (
        said(browser, marks.format("costly", "rect.role-mark"))
        == 8
        == said(browser, marks.format("failing", "rect.role-mark"))
    )
    box = said(
        browser,
        "(b => [b.width, b.height])(document.querySelector('#chart-costly svg .mark-rect path').getBoundingClientRect())",
    )
    assert box[0] > 100 and box[1] > 8
    colour = "getComputedStyle(document.querySelector('#chart-costly svg .mark-rect path')).fill"
    assert said(browser, colour) == "rgb(36, 82, 122)"
    assert said(opened(browser, small / "index.html", light=False), colour) == "rgb(143, 187, 230)"


def test_grade_rule_and_search_filter_the_units(browser, small):
    opened(browser, small / "index.html")
    assert said(browser, f"{NAMES}") == ["ANCG001D", "ANCG001B", "ANCG001C", "ANCG001E", "ANCG001A"]
    browser.find_element("css selector", "[data-grade='优']").click()
    assert said(browser, NAMES) == ["ANCG001C", "ANCG001A"]
    assert (
        said(browser, "document.querySelector(\"[data-grade='优']\").getAttribute('aria-pressed')")
        == "true"
    )
    browser.find_element("css selector", "[data-grade='待定']").click()
    browser.find_element("css selector", "#rule option[value=C10]").click()
    assert said(browser, NAMES) == ["ANCG001E"]
    browser.find_element("id", "reset").click()
    browser.find_element("id", "search").send_keys("示例乙")
    assert said(browser, NAMES) == ["ANCG001B"]
    browser.find_element("id", "reset").click()
    assert said(browser, f"{NAMES}.length") == 5


def test_a_bar_filters_the_units(browser, small):
    opened(browser, small / "index.html")
    from selenium.webdriver import ActionChains

    bar = browser.find_element("css selector", "#chart-costly svg .mark-rect path")
    browser.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", bar
    )
    ActionChains(browser).move_to_element(bar).click().perform()
    code = bureau(complete()).costly()[0].code
    assert said(browser, "document.getElementById('rule').value") == code
    assert set(said(browser, NAMES)) == {
        c.unit
        for c in complete().cards
        if any(r.code == code and r.verdict == "扣分" for r in c.criteria)
    }


def test_sorting_by_header_with_the_keyboard(browser, small):
    opened(browser, small / "index.html")
    header = browser.find_element("css selector", "#table thead th:nth-child(5) [role=button]")
    header.send_keys("\n")
    waited(
        browser,
        "document.querySelector('#table thead th:nth-child(5)').getAttribute('aria-sort') === 'ascending'",
    )


def test_the_summary_of_a_unit_opens(browser, small):
    opened(browser, small / "index.html")
    browser.find_element("css selector", "#table button.more").click()
    text = said(browser, "document.querySelector('.child').textContent")
    worst = min(complete().cards, key=lambda c: c.totals.score)
    for row in worst.criteria:
        if row.verdict == "扣分" and row.recomputed:
            assert f"{row.code} {row.name} −{points(row.deduction)}" in text


def test_a_unit_links_to_its_page_and_back(browser, small):
    opened(browser, small / "index.html")
    browser.find_element("css selector", "#table tbody a").click()
    assert unquote(browser.current_url).endswith("units/unit-ANCG001D.html")
    browser.find_element("css selector", ".from a").click()
    assert browser.current_url.endswith("index.html")
    opened(browser, small / "units" / "unit-ANCG001D.html")
    # Findings that a cause explains are folded under it.
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.find_element("css selector", ".finding a.code").click()
    assert "rules.html#T" in browser.current_url and said(
        browser, "document.querySelector('article.rule:target') !== null"
    )


def test_the_inspector_shows_parts_and_slack(browser, small):
    opened(browser, small / "units" / "unit-ANCG001B.html")
    card = next(c for c in complete().cards if c.unit == "ANCG001B")
    row = next(r for r in card.criteria if r.code == "C14")
    browser.find_element("css selector", "[data-look=i-C14]").click()
    text = browser.find_element("id", "inspector").text
    for wanted in (
        "C14",
        row.working,
        row.parts.span,
        *(t.name for t in row.parts.terms),
        *(t.slack for t in row.parts.terms),
    ):
        assert wanted in text, wanted
    assert all(points(v) in text for v in row.readings.values())
    browser.find_element("css selector", "#inspector form button").click()
    assert not said(browser, "document.getElementById('inspector').open")


def test_the_inspector_adds_up_a_total(browser, small):
    opened(browser, small / "units" / "unit-ANCG001B.html")
    card = next(c for c in complete().cards if c.unit == "ANCG001B")
    browser.find_element("css selector", ".big .look").click()
    shown = said(
        browser,
        "[...document.querySelectorAll('#inspector tbody tr')].map(r => r.cells[1].textContent)",
    )
    assert shown == [points(r.score) for r in card.criteria]
    assert browser.find_element("css selector", "#inspector tfoot td").text == points(
        card.totals.score
    )
    browser.switch_to.active_element.send_keys("\ue00c")
    assert not said(browser, "document.getElementById('inspector').open")


def test_the_theme_is_turned_by_hand(browser, small):
    opened(browser, small / "units" / "unit-ANCG001A.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert said(browser, paper) == "rgb(247, 245, 240)"
    browser.find_element("id", "theme").click()
    assert said(browser, paper) == "rgb(19, 22, 27)"
    browser.find_element("id", "theme").click()


CONTRAST = """(() => {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true}), known = new Map();
  const rgb = s => { if (!known.has(s)) { pen.clearRect(0, 0, 1, 1); pen.fillStyle = s; pen.fillRect(0, 0, 1, 1); known.set(s, [...pen.getImageData(0, 0, 1, 1).data]); } return known.get(s); };
  const lum = ([r, g, b]) => { const f = x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const under = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 200) return c; } return [255, 255, 255]; };
  const low = new Set();
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest('svg, .away, .skip, [disabled], .disabled')) continue;
    if (!e.checkVisibility()) continue;
    const s = getComputedStyle(e), a = lum(rgb(s.color)), b = lum(under(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
  }
  return [...low];
})()"""


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "rules.html", "units/unit-ANCG001E.html"])
def test_text_has_contrast_and_tables_have_headers(browser, small, name, light):
    opened(browser, small / name, light=light)
    assert said(browser, CONTRAST) == []
    assert (
        said(
            browser,
            "[...document.querySelectorAll('table')].filter(t => !t.querySelector('thead th[scope], thead th[aria-label], thead [role=button]') && t.rows.length).length",
        )
        == 0
    )
    assert (
        said(
            browser,
            "[...document.querySelectorAll('button, a, input, select')].filter(e => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length",
        )
        == 0
    )
    assert said(browser, "document.documentElement.lang") == "zh-CN"


def test_chinese_is_shown_with_the_fonts_at_hand(browser, small):
    """Each of the page's words has ink of its own: a font without them draws one box for all."""
    opened(browser, small / "units" / "unit-ANCG001B.html")
    different = """(() => { const c = document.createElement('canvas'); c.width = c.height = 40; const x = c.getContext('2d', {willReadFrequently: true});
      const drawn = ch => { x.clearRect(0, 0, 40, 40); x.font = '30px ' + getComputedStyle(document.body).fontFamily; x.fillText(ch, 2, 32); return x.getImageData(0, 0, 40, 40).data.join(); };
      const seen = new Set([...'勾稽审核扣分复评支出预算'].map(drawn)); return seen.size; })()"""
    assert said(browser, different) == 12


def test_hostile_names_do_nothing(browser, attacked):
    for name in (
        "index.html",
        *(p.relative_to(attacked).as_posix() for p in sorted(attacked.glob("units/*.html"))[:6]),
    ):
        opened(browser, attacked / name)
        assert browser.title != "owned"
        assert errors(browser) == [] and requests(browser) == []
        assert (
            said(
                browser,
                "document.querySelectorAll('img, iframe, object, embed, link, svg script').length",
            )
            == 0
        )
    opened(browser, attacked / "index.html")
    for button in browser.find_elements("css selector", "#table button.more"):
        browser.execute_script("arguments[0].click()", button)
    assert (
        said(browser, f"{ROWS}.length") >= len(HOSTILE)
        and said(browser, "document.title") == HOSTILE[0]
    )
    assert said(browser, "document.querySelectorAll('#table img, #table script').length") == 0


def test_ten_thousand_units_stay_quick(browser, large):
    """No stopwatch decides: the table holds a page of rows, not ten thousand, and each filter finds what a count finds."""
    opened(browser, large / "index.html")
    page = many(10_000)
    assert errors(browser) == [] and requests(browser) == []
    assert said(browser, f"{ROWS}.length") == 50 and "10,000" in said(browser, INFO)
    began = said(browser, "performance.now()")
    browser.find_element("css selector", "[data-grade='良']").click()
    took = said(browser, "performance.now()") - began
    good = sum(c.totals.grade == "良" for c in page.cards)
    assert f"{good:,}" in said(browser, INFO)
    browser.find_element("id", "reset").click()
    browser.find_element("id", "search").send_keys("U009999")
    assert said(browser, NAMES) == ["U009999"]
    paint = said(browser, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    print(
        f"first paint {paint:.0f} ms, table {said(browser, 'document.body.dataset.tableMs')} ms, a filter {took:.0f} ms, {(large / 'index.html').stat().st_size:,} bytes"
    )


def test_a_unit_without_a_page_says_how_to_make_one(browser, large):
    opened(browser, large / "index.html")
    browser.find_element("css selector", "#table button.more").click()
    unit = said(browser, NAMES)[0]
    assert (
        said(browser, "document.querySelector('.child code').textContent")
        == f"gouji report RUN --format html --unit {unit}"
    )


@pytest.mark.parametrize("name", ["index.html", "units/unit-ANCG001B.html"])
def test_printed_pages_are_a4_and_bear_no_controls(browser, small, name):
    import base64

    opened(browser, small / name, light=False)
    made = base64.b64decode(
        browser.execute_cdp_cmd(
            "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
        )["data"]
    )
    assert made.startswith(b"%PDF") and (
        b"/MediaBox [0 0 594.95996 841.91998]" in made
        or b"/MediaBox [0 0 595" in made
        or b"/MediaBox [0 0 594" in made
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert (
            said(
                browser,
                "['.tools', 'nav', '.filters', '#look'].filter(s => document.querySelector(s)?.checkVisibility())",
            )
            == []
        )
        assert (
            said(browser, "getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_book_of_tie_outs_alone_shows_no_scores(browser, tmp_path_factory):
    page = complete()
    bare = replace(
        page,
        cards=tuple(
            replace(c, criteria=(), groups=(), next_grade=None, readings=()) for c in page.cards
        ),
    )
    folder = site(bare, tmp_path_factory, "bare")
    opened(browser, folder / "index.html")
    assert errors(browser) == []
    assert (
        said(browser, "document.querySelectorAll('#table thead th').length") == 5
        and said(browser, "document.querySelectorAll('.tile').length") == 0
    )
    found = said(browser, f"[...{ROWS}].map(r => Number(r.cells[2].textContent))")
    assert found == sorted(found, reverse=True)
    opened(browser, folder / "units" / "unit-ANCG001B.html")
    assert errors(browser) == [] and said(browser, "document.getElementById('card')") is None
