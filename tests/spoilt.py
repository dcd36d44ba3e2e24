"""Workbooks spoilt at random, by a seed: bytes, XML, values of cells. What fuzz tests of intake feed on."""

import io
import zipfile

ODD = (
    b"<f>1/0</f>",
    b"\xff\xfe",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"1e999",
    b'r="XFD1048576"',
    b"NaN",
    b"-",
    "（１２）".encode(),
    b"",
)


def spoil(raw, rng):
    """One workbook, spoilt in one of several ways."""
    return (_bytes, _cut, _xml, _xml, _xml, _values, _values, _parts)[rng.randrange(8)](raw, rng)


def spoil_old(raw, rng):
    """One .xls, spoilt in its bytes; a damaged head of the container is what readers stumble over most."""
    if rng.random() < 0.3:
        made = bytearray(raw)
        made[rng.randrange(24, 600)] = rng.randrange(256)
        return bytes(made)
    return (_bytes, _cut)[rng.randrange(2)](raw, rng)


def _bytes(raw, rng):
    made = bytearray(raw)
    for _ in range(rng.randint(1, 40)):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def _cut(raw, rng):
    at = rng.randrange(len(raw))
    return (
        raw[:at]
        if rng.random() < 0.5
        else raw[:at] + raw[min(len(raw), at + rng.randint(1, 200)) :]
    )


def _repacked(raw, change):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            content = change(info.filename, old.read(info.filename))
            if content is not None:
                new.writestr(info.filename, content)
    return out.getvalue()


def _xml(raw, rng):
    """Somewhere in one part: bytes doubled, dropped, or something odd put in."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        part = rng.choice(book.namelist())

    def change(name, content):
        if name != part or not content:
            return content
        a = rng.randrange(len(content))
        b = min(len(content), a + rng.randint(0, 60))
        return content[:a] + rng.choice((content[a:b] * 2, b"", rng.choice(ODD))) + content[b:]

    return _repacked(raw, change)


def _values(raw, rng):
    """Some values of cells replaced."""

    def change(name, content):
        if not name.startswith("xl/worksheets/"):
            return content
        for opening, closing in ((b"<v>", b"</v>"), (b"<t>", b"</t>")):
            pieces = content.split(opening)
            for i in range(1, len(pieces)):
                if rng.random() < 0.1 and closing in pieces[i]:
                    odd = rng.choice(
                        (
                            b"",
                            b"abc",
                            b"1e300",
                            b"-0.1",
                            b"12,3",
                            b"99999999999999999999",
                            b"0.1234567891",
                            "无".encode(),
                            b"=1+1",
                        )
                    )
                    pieces[i] = odd + pieces[i][pieces[i].index(closing) :]
            content = opening.join(pieces)
        return content

    return _repacked(raw, change)


def _parts(raw, rng):
    """A part left out, or another one's content in its place."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    victim, other = rng.choice(sorted(parts)), rng.choice(sorted(parts))
    return _repacked(
        raw,
        lambda name, content: (
            content if name != victim else (None if rng.random() < 0.5 else parts[other])
        ),
    )


TYPED = (
    "１２．５",
    "1,2,3",
    "9" * 50,
    "1e9",
    "=1+1",
    "—",
    "n/a",
    "\x00",
    "\u202e1",
    "约12万",
    "-",
    "(3.00)",
    "1 320.73",
    "2023年",
    '"',
    "",
    "999999999999999.99",
    "0.00000001",
)


def spoil_csv(raw, rng):
    """One CSV file (UTF-8 bytes), spoilt in one of several ways: bytes, encoding, lines, commas and quotes, what cells say."""
    match rng.randrange(7):
        case 0:
            return _bytes(raw, rng)
        case 1:
            return _cut(raw, rng)
        case 2:
            return raw.decode().encode(
                rng.choice(("gb18030", "utf-16", "utf-8-sig", "big5")), "replace"
            )
        case 3:
            lines = raw.splitlines(keepends=True)
            at = rng.randrange(len(lines))
            return b"".join(
                lines[:at] + lines[at : at + 1] * rng.choice((0, 2, 3)) + lines[at + 1 :]
            )
        case 4:
            at = rng.randrange(len(raw))
            return (
                raw[:at]
                + rng.choice((b",", b'"', b"\n", b"\r", b"\x00", b",,,,", b'"a\nb"'))
                + raw[at:]
            )
        case _:
            cells = [line.split(",") for line in raw.decode().split("\n")]
            for _ in range(rng.randint(1, 6)):
                line = rng.choice(cells)
                line[rng.randrange(len(line))] = rng.choice(TYPED)
            return "\n".join(map(",".join, cells)).encode()
