from .form_sets import form_sets_page as form_sets_page
from .page import RuleExplanation as RuleExplanation
from .page import explain as explain
from .page import explain_unit as explain_unit
from .pages_of_rules import rule_pages as rule_pages
from .rule_catalogue import catalogue as catalogue
from .text import explanation_text as explanation_text
from .which_rule import find as find
