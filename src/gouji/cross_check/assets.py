"""What Data Docs pages link from content networks: fetched once from an npm registry, then laid beside the pages, which open offline.

Nothing of it is part of gouji. Each package is held against the hash that the registry states for it.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from gouji.base.digest import integrity
from gouji.base.faults import DataError
from gouji.base.files import replaced_folder
from gouji.base.i18n import _

FOLDER, SITE = "assets", Path("uncommitted/data_docs")
AT_MOST = 64 * 1024 * 1024
# A picture that is not there to be fetched: one transparent point.
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@dataclass(frozen=True, slots=True)
class Asset:
    """A package, the file of it that pages link, files that this one needs, and the links, as a pattern."""

    package: str
    version: str
    file: str
    link: str
    more: str = "$^"


ASSETS = (
    Asset(
        "bootstrap",
        "4.3.1",
        "dist/css/bootstrap.min.css",
        r"https://[^\"']+/bootstrap/4\.3\.1/css/bootstrap\.min\.css",
    ),
    Asset(
        "bootstrap",
        "4.3.1",
        "dist/js/bootstrap.min.js",
        r"https://[^\"']+/bootstrap/4\.3\.1/js/bootstrap\.min\.js",
    ),
    Asset(
        "bootstrap-table",
        "1.19.1",
        "dist/bootstrap-table.min.css",
        r"https://[^\"']+/bootstrap-table@1\.19\.1/dist/bootstrap-table\.min\.css",
    ),
    Asset(
        "bootstrap-table",
        "1.19.1",
        "dist/bootstrap-table.min.js",
        r"https://[^\"']+/bootstrap-table@1\.19\.1/dist/bootstrap-table\.min\.js",
    ),
    Asset(
        "bootstrap-table",
        "1.19.1",
        "dist/extensions/filter-control/bootstrap-table-filter-control.min.css",
        r"https://[^\"']+/bootstrap-table-filter-control(?:\.min)?\.css",
    ),
    Asset(
        "bootstrap-table",
        "1.19.1",
        "dist/extensions/filter-control/bootstrap-table-filter-control.min.js",
        r"https://[^\"']+/bootstrap-table-filter-control\.min\.js",
    ),
    Asset(
        "bootstrap-datepicker",
        "1.9.0",
        "dist/css/bootstrap-datepicker.min.css",
        r"https://[^\"']+/bootstrap-datepicker\.min\.css",
    ),
    Asset(
        "bootstrap-datepicker",
        "1.9.0",
        "dist/js/bootstrap-datepicker.min.js",
        r"https://[^\"']+/bootstrap-datepicker\.min\.js",
    ),
    Asset(
        "@forevolve/bootstrap-dark",
        "1.1.0",
        "dist/css/bootstrap-prefers-dark.css",
        r"https://[^\"']+/bootstrap-prefers-dark\.css",
    ),
    Asset(
        "@fortawesome/fontawesome-free",
        "6.6.0",
        "css/all.min.css",
        r"https://[^\"']+/font-awesome/6\.6\.0/css/all\.min\.css",
        r"webfonts/.*",
    ),
    Asset("jquery", "3.7.1", "dist/jquery.min.js", r"https://[^\"']+/jquery-3\.7\.1\.min\.js"),
    Asset("popper.js", "1.12.9", "dist/umd/popper.min.js", r"https://[^\"']+/popper\.min\.js"),
    Asset("vega", "5", "build/vega.min.js", r"https://[^\"']+/npm/vega@5(?=[\"'])"),
    Asset("vega-lite", "5", "build/vega-lite.min.js", r"https://[^\"']+/npm/vega-lite@5(?=[\"'])"),
    Asset(
        "vega-embed", "6", "build/vega-embed.min.js", r"https://[^\"']+/npm/vega-embed@6(?=[\"'])"
    ),
)


def fetch(project: Path, registry: str | None = None, wanted: Sequence[Asset] = ASSETS) -> int:
    """Fetch the files into the project's `assets` folder; returns how many. The only place where gouji reads from a network."""
    base = (registry or default_registry()).rstrip("/")
    with replaced_folder(project / FOLDER) as part:
        return _fetched(base, wanted, part)


def _fetched(base: str, wanted: Sequence[Asset], part: Path) -> int:
    count = 0
    for package, version in dict.fromkeys((a.package, a.version) for a in wanted):
        files = [a for a in wanted if (a.package, a.version) == (package, version)]
        for name, content in _unpacked(_package(base, package, version), package, files):
            path = part / _place(package, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            count += 1
    return count


def default_registry() -> str:
    """The registry that npm itself would use here. Raises DataError where nobody has said which."""
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        if os.environ.get(name):
            return os.environ[name]
    npm = shutil.which("npm")
    said = (
        subprocess.run(
            [npm, "config", "get", "registry"], capture_output=True, text=True, check=False
        ).stdout.strip()
        if npm
        else ""
    )
    if not said.startswith(("http://", "https://")):
        raise DataError(
            _("不知道用哪个 npm 仓库"), fix=_("写 --registry 地址，或设 NPM_CONFIG_REGISTRY")
        )
    return said


def _place(package: str, name: str) -> Path:
    return Path(package.replace("/", "+").lstrip("@")) / name


def _package(base: str, package: str, version: str) -> bytes:
    """A package as the registry sends it, held against the hash that it states."""
    known = json.loads(_get(f"{base}/{quote(package, safe='@')}"))["versions"]
    chosen = (
        version
        if version in known
        else max(
            (v for v in known if re.fullmatch(rf"{re.escape(version)}\.\d+\.\d+", v)),
            key=_numbers,
            default="",
        )
    )
    if not chosen:
        raise DataError(
            _("npm 仓库里没有 {name}").format(name=f"{package} {version}"),
            fix=_("换一个仓库：--registry"),
        )
    content = _get(f"{base}/{package}/-/{package.rsplit('/', 1)[-1]}-{chosen}.tgz")
    dist = known[chosen]["dist"]
    stated = str(
        dist.get("integrity") or f"sha1-{base64.b64encode(bytes.fromhex(dist['shasum'])).decode()}"
    )
    if integrity(stated.partition("-")[0], content) != stated:
        raise DataError(
            _("{name} 与仓库写明的哈希不符").format(name=f"{package} {chosen}"),
            fix=_("重试；仍不符就不要用这个仓库"),
        )
    return content


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _get(address: str) -> bytes:
    request = Request(address, headers={"Accept": "application/vnd.npm.install-v1+json, */*"})
    try:
        with urlopen(request, timeout=60) as answer:
            content: bytes = answer.read(AT_MOST + 1)
    except (URLError, OSError) as fault:
        raise DataError(
            _("取不到 {address}：{why}").format(
                address=address, why=getattr(fault, "reason", fault)
            ),
            fix=_("检查网络和 --registry"),
        ) from fault
    if len(content) > AT_MOST:
        raise DataError(_("{address} 太大").format(address=address), fix=_("检查 --registry"))
    return content


def _unpacked(content: bytes, package: str, files: Sequence[Asset]) -> Iterator[tuple[str, bytes]]:
    """The wanted files of a package; nothing else of it touches the disk."""
    missing = {a.file for a in files}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            name = member.name.partition("/")[2]
            if (
                member.isfile()
                and ".." not in name
                and (name in missing or any(re.fullmatch(a.more, name) for a in files))
            ):
                found = archive.extractfile(member)
                if found is not None and member.size <= AT_MOST:
                    missing.discard(name)
                    yield name, found.read()
    if missing:
        raise DataError(
            _("{package} 里没有 {names}").format(package=package, names="、".join(sorted(missing))),
            fix=_("换一个仓库：--registry"),
        )


def localise(project: Path) -> int:
    """Lay the fetched files beside the Data Docs pages and point their links there; returns how many pages. None were fetched: 0."""
    if not (project / FOLDER).is_dir():
        return 0
    count = 0
    for site in (p for p in (project / SITE).glob("*") if p.is_dir()):
        shutil.copytree(project / FOLDER, site / FOLDER, dirs_exist_ok=True)
        for page in sorted(site.rglob("*.html")):
            text = page.read_text("utf-8")
            made = _pointed(text, os.path.relpath(site / FOLDER, page.parent))
            if made != text:
                page.write_text(made, "utf-8")
            count += 1
        for sheet in site.glob("static/**/*.css"):
            sheet.write_text(_WEB_PICTURE.sub(BLANK, sheet.read_text("utf-8")), "utf-8")
    return count


_WEB_PICTURE = re.compile(r"https://great-expectations-web-assets[^\"')\s]*")
_GUARDS = re.compile(r"\s(?:integrity|crossorigin)=\"[^\"]*\"")


def _pointed(text: str, home: str) -> str:
    for asset in ASSETS:
        text = re.sub(asset.link, f"{home}/{_place(asset.package, asset.file).as_posix()}", text)
    # Hashes of the networks' own builds, and rules about origins, which files do not have.
    return _WEB_PICTURE.sub(BLANK, _GUARDS.sub("", text))
