"""A template, its values and its scripts -> one self-contained HTML text. Scripts run by their hash alone: whatever text a submission holds, it stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gouji.base.digest import integrity
from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.report.wording import points

MODULE = "gouji.report.html"


@dataclass(frozen=True, slots=True)
class Script:
    """One inline script. `module` gives it its own scope."""

    text: str
    module: bool = True

    @property
    def safe(self) -> str:
        """Its text as it may stand between script tags."""
        return self.text.replace("</script", "<\\/script").replace("<!--", "<\\!--")

    @property
    def digest(self) -> str:
        """Its hash as a content security policy names it."""
        return integrity("sha256", self.safe)


@cache
def environment() -> Environment:
    """Templates with everything escaped, and a missing value an error."""
    made = Environment(
        loader=PackageLoader(MODULE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    made.filters["points"] = points
    made.filters["signed"] = signed
    return made


@cache
def asset(name: str) -> str:
    """A style sheet or script of the package."""
    loader = PackageLoader(MODULE, "assets")
    return loader.get_source(environment(), name)[0]


def render(
    template: str, values: Mapping[str, Any], scripts: Sequence[Script], *, evaluates: bool = False
) -> str:
    """The page. `evaluates`: the chart library makes functions from its own specifications."""
    ours = (*scripts, Script(asset("page.js")))
    sources = " ".join(f"'{s.digest}'" for s in ours) + (" 'unsafe-eval'" if evaluates else "")
    policy = f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
    blocks = [(Markup(' type="module"') if s.module else "", Markup(s.safe)) for s in ours]
    page = environment().get_template(template)
    return (
        page.render(
            **values,
            policy=Markup(policy),
            style=Markup(asset("style.css")),
            scripts=blocks,
            lang=_("zh-CN"),
        )
        + "\n"
    )


def data(value: Any) -> Markup:
    """A value as JSON that may stand between script tags."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def signed(value: Any) -> str:
    """Points with their sign; a dash where there are none.

    >>> from decimal import Decimal
    >>> signed(Decimal("0.50")), signed(Decimal("-2")), signed(None)
    ('+0.5', '−2', '—')
    """
    if value is None or value == 0:
        return points(value)
    return ("+" if value > 0 else "−") + points(abs(value))


def _clean(value: Any) -> Any:
    return plain(value) if type(value) is str else value
