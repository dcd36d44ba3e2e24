"""Texts of `schemas/` -> tables and form sets. Reads no file: the texts are handed in.

Raises one ExceptionGroup with every fault of every file, each with file:line and a fix.
"""

from __future__ import annotations

from collections.abc import Mapping

from gouji.base.faults import RuleError, raise_all
from gouji.base.i18n import _
from gouji.rules.fields import FORM_SET, TABLE
from gouji.rules.form_sets import FormSet, decided, with_sets
from gouji.rules.read_model import read_model, read_yaml
from gouji.rules.source_map import TableSet, YamlDocument
from gouji.rules.table import Table

Texts = Mapping[str, str]
# The text among table descriptions that says which form sets decide: --forms, or `forms` of gouji.yaml.
DECIDES = "--forms"


def load_tables(texts: Texts) -> TableSet:
    """YAML texts of table descriptions and of form sets -> TableSet."""
    faults: list[RuleError] = []
    tables: dict[str, Table] = {}
    documents: dict[str, YamlDocument] = {}
    sets: dict[str, tuple[FormSet, YamlDocument]] = {}
    decides = YamlDocument(DECIDES, [], {})
    for name in sorted(texts):
        document = read_yaml(name, texts[name], faults)
        if document is None:
            continue
        if name == DECIDES:
            decides = document
            continue
        if isinstance(document.data, dict) and "set" in document.data:
            _form_set(document, sets, faults)
            continue
        table = read_model(TABLE, {"": Table}, document, faults)
        if table is None:
            continue
        if table.table in tables:
            other = documents[table.table].file
            what = _("数据表“{table}”在 {other} 已写过").format(table=table.table, other=other)
            place = document.place(("table",))
            faults.append(RuleError(what, place=place, fix=_("合并成一个文件")))
        tables[table.table], documents[table.table] = table, document
    raise_all(faults)
    tables, faults = with_sets(tables, sets)
    raise_all(faults)
    tables, faults = decided(tables, sets, decides.data, decides.place(()))
    raise_all(faults)
    return TableSet(tables, documents, sets)


def _form_set(
    document: YamlDocument, sets: dict[str, tuple[FormSet, YamlDocument]], faults: list[RuleError]
) -> None:
    one = read_model(FORM_SET, {"": FormSet}, document, faults)
    if one is None:
        return
    if one.set in sets:
        other = sets[one.set][1].file
        what = _("表样“{name}”在 {other} 已写过").format(name=one.set, other=other)
        fix = _("合并成一个文件，或换一个名称")
        faults.append(RuleError(what, place=document.place(("set",)), fix=fix))
    sets[one.set] = one, document
