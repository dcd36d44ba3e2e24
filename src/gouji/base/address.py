"""The address of a database, as a person gave it -> what to open and what may be shown. No password reaches a report, a log or an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

HIDDEN = "***"
# Names under which a secret may stand, in a query (`?password=…`) or a list of keywords (`password=…`); also inside longer names (sslpassword, access_token).
_SECRET = re.compile(
    r"pass(?:w(?:or)?d|phrase)?$|pwd|passw|token|secret|api_?key|access_?key|credential|^auth$|^sig(?:nature)?$",
    re.IGNORECASE,
)
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:/+"
_URL = re.compile(rf"({_SCHEME})([^\s'\"]*)@")
# The user and the password before a host, in an address whose beginning is mistyped.
_USER = re.compile(r"([^\s/@:'\"\uff1a]+:)([^\s/@'\"\\]+)@(?=[\w\[])")
_GIVEN = re.compile(r"([\w%.+-]+)(\s*=\s*)('(?:[^'\\]|\\.)*'?|\"[^\"]*\"?|[^\s&;'\"]+)")
_WORD = re.compile(r"\s*([A-Za-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)+)(?=\s|$)")
_WHERE = {"host", "hostaddr", "dbname", "service", "user", "port", "password", "passfile"}
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+[A-Za-z0-9_]+)?://", re.IGNORECASE)
_TOLD = ("host", "hostaddr", "port", "dbname", "service", "schema")


@dataclass(frozen=True, slots=True)
class Address:
    """A PostgreSQL that is to be read: what its library opens (never shown), the schema, and what stands for it everywhere else.

    `str` and `repr` give what may be shown. `loose`: the password holds characters that would be taken for the rest of the address.
    """

    shown: str
    schema: str
    opened: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    loose: bool = False

    def __str__(self) -> str:
        return self.shown

    def scrubbed(self, text: str) -> str:
        """A text without the secrets of this address, as they were written and as they are meant."""
        for secret in sorted(
            {s for known in self.secrets for s in (known, unquote(known))}, key=len, reverse=True
        ):
            text = text.replace(secret, HIDDEN) if len(secret) > 2 else text
        return redacted(text)


def postgres(text: str) -> Address | None:
    """The address in a text: `postgresql://…` (also with a driver, `postgresql+psycopg://`), or keywords (`host=… dbname=…`); None where it is none."""
    if _POSTGRES.match(text):
        return _of_url(_POSTGRES.sub("postgresql://", text, count=1))
    given = _keywords(text)
    if given is None or not given.keys() & _WHERE:
        return None
    schema = given.pop("schema", "")
    rest = " ".join(f"{name}='{_escaped(value)}'" for name, value in given.items())
    secrets = tuple(value for name, value in given.items() if _SECRET.search(name))
    return Address(
        _told({**given, "schema": schema}, given.get("host", ""), given.get("dbname", "")),
        schema,
        rest,
        secrets,
    )


def is_url(text: str) -> bool:
    """Whether a text is an address of some kind, not the path of a file."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def redacted(text: str) -> str:
    """A text in which an address may stand, without what may be a password in it."""
    if "@" in text:
        text = _USER.sub(rf"\1{HIDDEN}@", _URL.sub(_user_of, text))
    return _GIVEN.sub(_kept, text) if "=" in text else text


def shown(argument: str) -> str:
    """What may be shown of an argument that is no address after all: behind a password that is not quoted nothing is, for it may go on."""
    for found in _GIVEN.finditer(argument):
        if _SECRET.search(unquote(found[1])):
            return redacted(argument[: found.start()]) + f"{found[1]}={HIDDEN}"
    return redacted(re.sub(rf"({_SCHEME}[^@]*?:).*@", rf"\1{HIDDEN}@", argument, flags=re.DOTALL))


def _of_url(text: str) -> Address:
    """A password may hold signs that part an address; then it ends with the last `@`."""
    body = text.removeprefix("postgresql://")
    place, _mark, query = body.partition("?")
    if "@" not in place and "@" in query and not re.fullmatch(r"[^:]*(?::\d*)?(?:/[^:]*)?", place):
        place, _mark, query = body[body.rindex("@") + 1 :].partition("?")
        user, at, place = body[: body.rindex("@")], "@", place
    else:
        user, at, place = place.rpartition("@")
    name, colon, password = user.partition(":")
    given = dict(parse_qsl(query, keep_blank_values=True))
    schema = given.pop("schema", "")
    split = urlsplit(f"postgresql://{place}")
    told = _told(
        {**given, "schema": schema},
        split.netloc or given.get("host", ""),
        split.path.lstrip("/") or given.get("dbname", ""),
    )
    opened = f"postgresql://{name}{colon}{password}{at}{place}" + (
        f"?{urlencode(given)}" if given else ""
    )
    secrets = (
        *((password,) if password else ()),
        *(value for key, value in given.items() if _SECRET.search(key)),
    )
    loose = bool(re.search(r"[/?#@\[\]\s]", password)) or any(c in name for c in "/?#")
    return Address(told, schema, opened, secrets, loose)


def _keywords(text: str) -> dict[str, str] | None:
    """Keywords as libpq reads them; None where the text is not made of them alone."""
    given, at = dict[str, str](), 0
    while text[at:].strip():
        found = _WORD.match(text, at)
        if found is None:
            return None
        value = found[2][1:-1] if found[2].startswith("'") else found[2]
        given[found[1].lower()], at = re.sub(r"\\(.)", r"\1", value), found.end()
    return given or None


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _told(given: dict[str, str], host: str, database: str) -> str:
    known = {
        name: given[name]
        for name in _TOLD
        if given.get(name) and given[name] not in (host, database)
    }
    place = f"{host}/{unquote(database)}" if database else host
    return (
        f"{place}?{'&'.join(f'{name}={value}' for name, value in known.items())}"
        if known
        else place
    )


def _user_of(found: re.Match[str]) -> str:
    user, colon, _password = found[2].partition(":")
    kept = (
        f"{user}:{HIDDEN}"
        if colon
        else user
        if _POSTGRES.match(found[1].replace(":/", "://").replace("///", "//"))
        else HIDDEN
    )
    return f"{found[1]}{kept}@"


def _kept(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{HIDDEN}" if _SECRET.search(unquote(found[1])) else found[0]
