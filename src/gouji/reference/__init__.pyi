from .judging import part_states as part_states
from .judging import tie_out as tie_out
from .row_rule_outcomes import level_of as level_of
from .row_rule_outcomes import parent_of as parent_of
from .row_rule_outcomes import spots as spots
from .row_rule_outcomes import table_rule as table_rule
from .unit_totals import totals as totals
