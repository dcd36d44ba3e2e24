"""The pictures of docs/: pages of the shipped datasets and of two thousand made-up units, taken by a browser without a window.

    python tools/screenshots.py

Needs chromium and chromedriver, as `tests/test_browser.py` does.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gouji.cli import main

ROOT = Path(__file__).parent.parent
DOCS, DATA = ROOT / "docs", ROOT / "datasets"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
UNITS = 2_000


def browser() -> Any:
    """A browser. Raises SystemExit where there is none."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    found, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if found is None or driver is None:
        raise SystemExit("chromium and chromedriver are needed")
    options = webdriver.ChromeOptions()
    options.binary_location = found
    for flag in FLAGS:
        options.add_argument(flag)
    made = webdriver.Chrome(options=options, service=Service(driver))
    made.implicitly_wait(10)
    return made


def taken(
    at: Any, page: Path, name: str, height: int, before: Callable[[Any], None] | None = None
) -> None:
    """One picture, 1,200 wide."""
    size = {"width": 1200, "height": height, "deviceScaleFactor": 1, "mobile": False}
    at.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    at.get(page.as_uri())
    if before is not None:
        before(at)
    at.save_screenshot(str(DOCS / f"{name}.png"))


def clicked(css: str) -> Callable[[Any], None]:
    """Click on the first such element."""
    return lambda at: at.execute_script("document.querySelector(arguments[0]).click()", css)


def searched(at: Any) -> None:
    """The table of units, one of them opened."""
    at.find_element("id", "search").send_keys("第19")
    shown(at, "#table")
    at.find_element("css selector", "#table tbody button.more")
    clicked("#table tbody button.more")(at)


def shown(at: Any, css: str) -> None:
    """Scroll to the card around an element."""
    at.execute_script(
        "document.querySelector(arguments[0]).closest('section').scrollIntoView({behavior: 'instant'})",
        css,
    )


def dark_findings(at: Any) -> None:
    """The findings of a unit, in the dark."""
    at.execute_script("document.documentElement.dataset.theme = 'dark'")
    shown(at, "#findings")


def made(folder: Path) -> dict[str, Path]:
    """The reports that pictures are taken of, by name."""
    reports = {name: folder / name for name in ("county", "complete", "many")}
    county, complete = str(DATA / "county-demo"), str(DATA / "anning-2023-complete")
    main(["report", county, "--format", "html", "--out", str(reports["county"])])
    main(["report", complete, "--format", "html", "--out", str(reports["complete"])])
    book = ["--rules", "anning-2023"]
    main(["synth", "--units", str(UNITS), "--out", str(folder / "data"), *book])
    run = str(folder / "run")
    main(["audit", str(folder / "data"), "--format", "parquet", "--out", run, *book])
    main(["report", run, "--format", "html", "--out", str(reports["many"]), *book])
    return reports


def pictures() -> None:
    """All of them."""
    with tempfile.TemporaryDirectory() as room:
        found = made(Path(room))
        units = found["county"] / "units"
        at = browser()
        try:
            taken(at, units / "unit-X005.html", "locating-unit", 760)
            taken(at, units / "unit-X037.html", "locating-open", 820)
            taken(at, units / "unit-X003.html", "locating-cell", 760, clicked("button.look"))
            taken(at, found["many"] / "index.html", "reports-bureau", 1010)
            taken(at, found["many"] / "index.html", "reports-units", 700, searched)
            unit = found["complete"] / "units" / "unit-ANCG001B.html"
            taken(at, unit, "reports-findings", 760, dark_findings)
            taken(at, unit, "reports-inspector", 760, clicked("[data-look=i-C14]"))
        finally:
            at.quit()


if __name__ == "__main__":
    pictures()
