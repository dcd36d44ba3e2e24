"""Parts that many workbooks have alike are looked through once; whose they are, and whether they are whole, each workbook says itself."""

import io
import zipfile

import pytest

from gouji.intake.workbooks.container import Package, Refused

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="x/styles" Target="/xl/STYLES.xml"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="表" r:id="rId1"/></sheets></workbook>'
)


def raw(**others):
    """A workbook without what is None."""
    parts = {
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": "<worksheet/>",
        "xl/styles.xml": "<styleSheet/>",
    } | others
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            if text is not None:
                file.writestr(name, text)
    return made.getvalue()


def test_targets_are_those_of_the_own_workbook():
    whole, bare = Package(raw()), Package(raw(**{"xl/styles.xml": None}))
    assert whole.of_kind("styles") == "xl/styles.xml"
    assert bare.of_kind("styles") == ""
    lost = Package(raw(**{"xl/worksheets/sheet1.xml": None}))
    assert [sheet.part for sheet in whole.listed] == ["xl/worksheets/sheet1.xml"]
    assert [sheet.part for sheet in lost.listed] == [""]


@pytest.mark.parametrize("part", [WORKBOOK, RELATIONS])
def test_a_part_that_is_not_whole_is_refused_though_another_workbook_has_it(part):
    good = raw()
    assert Package(good).listed
    # The text stands there unpacked; its checksum does not fit any more.
    with pytest.raises(Refused):
        _ = Package(good.replace(part.encode(), part.replace("rId1", "rId3").encode(), 1)).listed


def test_a_part_that_is_no_xml_is_told_each_time():
    for _ in range(2):
        with pytest.raises(Refused):
            _ = Package(raw(**{"xl/workbook.xml": "<workbook>"})).listed


def test_long_parts_are_read_too():
    many = WORKBOOK.replace("</sheets>", '<sheet name="二" r:id="rId9"/>' * 3000 + "</sheets>")
    assert len(Package(raw(**{"xl/workbook.xml": many})).listed) == 3001
