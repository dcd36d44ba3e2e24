"""Words that forms print around their figures, wherever forms of budget units are printed; what a single form prints is in its description."""

# Headers of columns of words: a unit behind one of them is the unit of the form.
CORNERS = frozenset({"项目", "收入", "支出", "科目", "科目名称", "名称", "内容", "指标", "收入项目", "支出项目", "单位名称", "部门"})
# Headers of a column that holds the unit of each line.
UNIT_HEADS = frozenset({"单位", "计量单位", "金额单位", "货币单位", "计价单位"})
