"""Bytes of an Office file (a zip of XML) -> the same file without clock and chance: equal inputs give equal bytes."""

from __future__ import annotations

import io
import re
import zipfile

_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
_THEN = (1980, 1, 1, 0, 0, 0)


def steady(made: bytes, year: int) -> bytes:
    """Every entry dated alike, the document's own dates set to the end of the year audited."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _CLOCK.sub(rb"\g<1>%d-12-31T00:00:00Z\g<3>" % year, content)
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
