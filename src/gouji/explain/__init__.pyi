from .explanation import RuleExplanation as RuleExplanation
from .explanation import explain as explain
from .explanation import explain_unit as explain_unit
from .explanation_text import explanation_text as explanation_text
from .form_set_page import form_sets_page as form_sets_page
from .pages_of_rules import rule_pages as rule_pages
from .rule_catalogue import catalogue as catalogue
from .which_rule import find as find
