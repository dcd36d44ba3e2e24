"""The words of the pages, in the current language: templates and scripts hold none of their own."""

from __future__ import annotations

from gouji.base.i18n import _


def frame_words() -> dict[str, str]:
    """What every page says."""
    return {
        "year": _("年度"),
        "invented": _("示例数据：含为演示而编的数字"),
        "theme": _("深色或浅色"),
        "print": _("打印"),
        "skip": _("跳到正文"),
        "contents": _("本页目录"),
        "overview": _("总览"),
        "rules": _("规则说明"),
        "sign": _("签署"),
        "auditor": _("审核人"),
        "reviewer": _("复核人"),
        "head": _("负责人"),
        "date": _("日期"),
        "count": _("清点"),
        "close": _("关闭"),
        "code": _("代码"),
        "name": _("名称"),
        "unit": _("单位"),
        "place": _("位置"),
        "what": _("情况"),
        "fix": _("改法"),
        "remarks": _("说明"),
        "report_text": _("报告正文"),
        "noscript": _("浏览器没有运行脚本：图和筛选不可用，数字都在表里。"),
    }


def bureau_words() -> dict[str, str]:
    """What the bureau page says."""
    return _bureau_sections() | _bureau_columns() | _heat_map() | _unit_list()


def _bureau_sections() -> dict[str, str]:
    """Its headings, and what stands below them."""
    return {
        "glance": _("结论"),
        "grades": _("等级"),
        "charts": _("分布"),
        "suspects": _("先核对规则"),
        "same": _("几个单位同样的差错"),
        "units": _("全部单位"),
        "not_filed": _("未报送的单位"),
        "distribution": _("复核得分的分布"),
        "against": _("自评与复核"),
        "costly": _("扣分最多的指标"),
        "failing": _("不平最多的勾稽关系"),
        "grounds": _("分值依据"),
        "as_table": _("图中的数"),
        "problems": _("未能采用的内容"),
        "same_line": _("线上：自评等于复核；线下：自评偏高"),
        "click_bar": _("点图中的条，只看这些单位"),
        "top": _("返回页首"),
        "nothing": _("没有扣分，没有不平。"),
        "no_page": _("这个单位的页面没有生成，运行："),
    }


def _bureau_columns() -> dict[str, str]:
    """Heads of tables and columns."""
    return {
        "score": _("复核得分"),
        "self": _("自评"),
        "over": _("自评高出"),
        "range": _("可能范围"),
        "audited": _("可复核分值"),
        "open": _("未定项"),
        "errors": _("错误"),
        "verifies": _("核实"),
        "notes": _("提示"),
        "grade": _("等级"),
        "more": _("摘要"),
        "rule": _("规则"),
        "units_n": _("单位数"),
        "lost": _("共扣分"),
        "failed": _("不平单位"),
        "judged": _("判断单位"),
        "share": _("比例"),
        "deducted": _("扣分"),
        "unbalanced": _("不平"),
        "ungraded": _("未定等级"),
    }


def _heat_map() -> dict[str, str]:
    """Units by forms, and forms that were not sent."""
    return {
        "heat": _("单位与表"),
        "heat_hint": _("每格是这个单位读到这张表的关系里不平的条数；斜线是没有报。"),
        "heat_none": _("没有报"),
        "heat_more": _("另有 {units} 个有不平的单位、{tables} 张表没有列在这里。"),
        "failing_n": _("不平"),
        "unsent": _("没有报的表"),
        "unsent_hint": _("缺这些表，用到它们的关系无法判断；缺两张表的，两张各算一次。"),
        "table": _("表"),
        "open_verdicts": _("因此无法判断"),
    }


def _unit_list() -> dict[str, str]:
    """The list of units with its filters; words in capitals are filled in by the library of tables."""
    return {
        "search": _("按名称或代码查找"),
        "all_rules": _("任何规则"),
        "only": _("只看不平或扣分于"),
        "reset": _("清除筛选"),
        "status": _("第 _START_–_END_ 个，共 _TOTAL_ 个"),
        "none": _("没有符合的单位"),
        "filtered": _("（从 _MAX_ 个中筛出）"),
        "length": _("每页 _MENU_ 个"),
        "empty": "—",
        "first": _("首页"),
        "last": _("末页"),
        "next": _("下一页"),
        "previous": _("上一页"),
        "sort": _("点表头排序"),
        "grade_filter": _("按等级筛选"),
    }


def unit_words() -> dict[str, str]:
    """What a unit's page says."""
    return (
        _unit_sections() | _scorecard_words() | _inspector_words() | _cause_words() | _grade_words()
    )


def _unit_sections() -> dict[str, str]:
    """Its headings, and what stands where there is nothing."""
    return {
        "card": _("评分表"),
        "findings": _("问题"),
        "wanted": _("尚待补报"),
        "next": _("距上一等级"),
        "readings": _("换一种读法"),
        "rest": _("其余勾稽关系"),
        "read": _("读到了什么"),
        "read_hint": _("送来的文件，每个格子读成了哪张表、哪一列、多少，哪些没有读"),
        "no_findings": _("没有不平的勾稽关系，复核与自评没有不符。"),
        "differing": _("与自评不符"),
        "by_word": _("括号内的分未经复核：仅凭自评，或所用的数有疑"),
        "said": _("审核说明"),
        "unsent": _("没有报送的数据表"),
        "held_up": _("因此不能判断的关系"),
    }


def _scorecard_words() -> dict[str, str]:
    """Heads of the scorecard and of the lists of findings."""
    return {
        "score": _("复核得分"),
        "self": _("自评"),
        "deduct": _("扣分"),
        "weight": _("分值"),
        "verdict": _("结论"),
        "why": _("依据与计算"),
        "grade": _("等级"),
        "item": _("指标"),
        "total": _("合计"),
        "points": _("分值"),
        "point": _("分"),
        "grounds": _("分值依据"),
        "contested": _("有疑"),
        "cause": _("因"),
        "basis": _("依据"),
        "todo": _("处理"),
        "table": _("数据表"),
        "row": _("行"),
        "column": _("列"),
        "message": _("提示"),
        "clause": _("条款"),
        "severity": _("程度"),
        "relation": _("关系"),
    }


def _inspector_words() -> dict[str, str]:
    """How a result came about: its figures, as they were printed and exactly."""
    return {
        "inspect": _("看计算"),
        "figure": _("用到的数"),
        "printed": _("原文"),
        "slack": _("末位误差"),
        "at": _("位置"),
        "exact": _("精确值"),
        "exactly": _("精确"),
        "result": _("算得"),
        "span": _("取值范围"),
        "difference": _("差"),
        "allowed": _("尾差最多"),
        "left": _("左边"),
        "right": _("右边"),
        "top": _("分子"),
        "bottom": _("分母"),
        "sum": _("逐项相加"),
        "formula": _("取数公式"),
        "standard": _("评价标准"),
    }


def _cause_words() -> dict[str, str]:
    """Cells that are probably wrong."""
    return {
        "proposed": _("建议改为"),
        "slip": _("像是"),
        "equations": _("几条等式都得出"),
        "explains": _("归于此处"),
        "others": _("也可能是"),
        "unexplained": _("不能归到本单位的格子"),
        "probably": _("多半是这里"),
        "perhaps": _("可能是其中一格"),
        "alters": _("改什么"),
        "confirm": _("由哪些等式得出，改了以后怎样"),
        "changed": _("改了以后"),
        "settled": _("平"),
    }


def _grade_words() -> dict[str, str]:
    """The way to the next grade, and other readings of the clauses."""
    return {
        "range": _("可能范围"),
        "possible": _("可能"),
        "gain": _("最多可得"),
        "how": _("怎么做"),
        "data": _("补报或更正数据"),
        "performance": _("实绩（本年度已成事实）"),
        "reading": _("读法"),
        "other": _("其他读法"),
        "changes": _("会变的指标"),
        "send": _("要补的内容"),
        "once_sent": _("补齐后最多"),
    }


def remarks_title(count: int) -> str:
    """What stands above remarks, and how many there are."""
    return _("说明（{n} 处）").format(n=count)


def suspect_line() -> str:
    """Why a relation that most units fail is to be doubted first."""
    return _("七成以上的单位不满足下列关系：先核对规则、填报口径和表样，再查单位。")
