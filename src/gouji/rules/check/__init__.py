"""RuleBook + TableSet -> ResolvedBook: names exist, types fit, weights add up."""
