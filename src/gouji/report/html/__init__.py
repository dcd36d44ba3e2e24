"""Page and Bureau -> HTML: the bureau's page, a page a unit, the pages of the rules; each one self-contained file."""

from gouji.report.html.bureau_page import Libraries, bureau_page
from gouji.report.html.rules_page import rules_page
from gouji.report.html.unit import file_name, unit_page

__all__ = ["Libraries", "bureau_page", "file_name", "rules_page", "unit_page"]
