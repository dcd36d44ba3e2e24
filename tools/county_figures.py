"""A seed -> the figures of one invented unit, in hundredths of 万元, such that every relation of the published forms holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

KINDS = ("行政单位", "参公单位", "公益一类事业单位")
BASIC = {
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30107": "绩效工资",
    "30108": "机关事业单位基本养老保险缴费",
    "30109": "职业年金缴费",
    "30110": "职工基本医疗保险缴费",
    "30113": "住房公积金",
    "30201": "办公费",
    "30211": "差旅费",
    "30217": "公务接待费",
    "30228": "工会经费",
    "30231": "公务用车运行维护费",
    "30305": "生活补助",
    "31002": "办公设备购置",
}
PROJECT = {"30201": "办公费", "30217": "公务接待费", "30227": "委托业务费", "31002": "办公设备购置"}
GROUPS = {
    "301": "工资福利支出",
    "302": "商品和服务支出",
    "303": "对个人和家庭的补助",
    "310": "资本性支出",
}
MAIN = {
    "201": (
        "一般公共服务支出",
        "20103",
        "政府办公厅（室）及相关机构事务",
        "2010301",
        "行政运行",
        "2010302",
        "一般行政管理事务",
    ),
    "205": ("教育支出", "20502", "普通教育", "2050202", "小学教育", "2050299", "其他普通教育支出"),
    "212": (
        "城乡社区支出",
        "21201",
        "城乡社区管理事务",
        "2120101",
        "行政运行",
        "2120199",
        "其他城乡社区管理事务支出",
    ),
    "213": (
        "农林水支出",
        "21301",
        "农业农村",
        "2130104",
        "事业运行",
        "2130199",
        "其他农业农村支出",
    ),
}
NAMES = {
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "2101102": "事业单位医疗",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120803": "城市建设支出",
}
CLASSES = {
    "201": "一般公共服务支出",
    "205": "教育支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "221": "住房保障支出",
}
Rows = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class _Flow:
    """One 项 of the general budget: what was there, came in and went out, basic (staff, running) and project."""

    staff: int = 0
    running: int = 0
    project: int = 0
    opened: int = 0
    left: int = 0

    @property
    def basic(self) -> int:
        return self.staff + self.running

    @property
    def income(self) -> int:
        return self.project + self.left - self.opened


@dataclass(slots=True)
class Figures:
    """The unit before it is written into forms."""

    kind: str
    general: dict[str, _Flow] = field(default_factory=lambda: defaultdict(_Flow))
    basic: dict[str, int] = field(default_factory=dict)
    projects: dict[str, int] = field(default_factory=dict)
    fund: _Flow = field(default_factory=_Flow)
    own_income: int = 0
    own_spent: int = 0
    own_opened: int = 0
    granted: int = 0
    received: int = 0
    main: str = "201"

    @property
    def own_left(self) -> int:
        return self.own_opened + self.own_income + self.received - self.own_spent - self.granted


def money(value: int) -> Decimal:
    """Hundredths of 万元 -> 万元."""
    return Decimal(value).scaleb(-2)


def invent(rng: Random, kind: str, main: str | None = None) -> Figures:
    """Amounts of an ordinary unit of that kind; `main` is the class of its work."""
    own = rng.choice(sorted(MAIN))
    made = Figures(kind, main=main or own)
    staff = rng.randint(8, 90)
    pay = {
        "30101": 480,
        "30102": 390,
        "30107": 250,
        "30108": 190,
        "30109": 70,
        "30110": 110,
        "30113": 160,
        "30305": 9,
    }
    run = {"30201": 60, "30211": 22, "30217": 3, "30228": 14, "30231": 18, "31002": 11}
    made.basic = {code: staff * per + rng.randint(1, 99) for code, per in (pay | run).items()}
    made.projects = {code: rng.randint(200, 9000) for code in PROJECT}
    made.projects["30217"] = rng.randint(20, 150)
    _first, _second, _name, third, _third, other, _other = MAIN[made.main]
    medical = "2101102" if kind == KINDS[2] else "2101101"
    for code, economic in (
        ("2080505", "30108"),
        ("2080506", "30109"),
        (medical, "30110"),
        ("2210201", "30113"),
    ):
        made.general[code].staff = made.basic[economic]
    made.general[third].staff = sum(made.basic[c] for c in ("30101", "30102", "30107", "30305"))
    made.general[third].running = sum(made.basic[c] for c in run)
    flow = made.general[other]
    flow.project, flow.opened, flow.left = (
        sum(made.projects.values()),
        rng.randint(0, 3000),
        rng.randint(0, 3000),
    )
    if rng.random() < 0.4:
        made.fund = _Flow(
            project=rng.randint(5000, 60000), opened=rng.randint(0, 4000), left=rng.randint(0, 4000)
        )
    if kind == KINDS[2]:
        made.own_income, made.own_opened = rng.randint(2000, 30000), rng.randint(0, 2000)
        made.own_spent = rng.randint(0, made.own_income + made.own_opened)
    return made


def levels(
    leaves: dict[str, dict[str, int]],
    lengths: tuple[int, ...],
    names: dict[str, str],
    total: bool = True,
) -> list[dict[str, Any]]:
    """Leaves by code -> rows with every level above them and the total, columns added up."""
    rows: dict[str, dict[str, int]] = {}
    for code, columns in leaves.items():
        for length in lengths:
            into = rows.setdefault(code[:length], defaultdict(int))
            for column, value in columns.items():
                into[column] += value
    made = [
        {
            "科目编码": code,
            "科目名称": names.get(code, ""),
            **{k: money(v) for k, v in rows[code].items()},
        }
        for code in sorted(rows)
    ]
    if total:
        every = dict.fromkeys(k for c in leaves.values() for k in c)
        sums = {k: money(sum(c.get(k, 0) for c in leaves.values())) for k in every}
        made.insert(0, {"科目编码": "合计", "科目名称": "", **sums})
    return made


def names_of(made: Figures) -> dict[str, str]:
    """Names of the functional codes that the unit uses."""
    first, second, second_name, third, third_name, other, other_name = (
        made.main,
        *MAIN[made.main][1:],
    )
    return NAMES | {
        first: MAIN[made.main][0],
        second: second_name,
        third: third_name,
        other: other_name,
    }


def tables(made: Figures, rng: Random) -> Rows:
    """The figures as rows of the forms."""
    third = MAIN[made.main][3]
    spent: dict[str, dict[str, int]] = {}
    income: dict[str, dict[str, int]] = {}
    for code, flow in made.general.items():
        spent[code] = {
            "本年支出合计": flow.basic + flow.project,
            "基本支出": flow.basic,
            "项目支出": flow.project,
        }
        came = flow.basic + flow.income
        income[code] = {"本年收入合计": came, "财政拨款收入": came}
    spent[third]["本年支出合计"] += made.own_spent + made.granted
    spent[third]["基本支出"] += made.own_spent
    spent[third]["对附属单位补助支出"] = made.granted
    came = income[third]["本年收入合计"] + made.own_income + made.received
    income[third] |= {
        "本年收入合计": came,
        "事业收入": made.own_income,
        "上级补助收入": made.received,
    }
    if made.fund.project:
        spent["2120803"] = {
            "本年支出合计": made.fund.project,
            "基本支出": 0,
            "项目支出": made.fund.project,
        }
        income["2120803"] = {"本年收入合计": made.fund.income, "财政拨款收入": made.fund.income}
    names = names_of(made)
    rows: Rows = {
        "收入决算表": levels(income, (3, 5, 7), names),
        "支出决算表": levels(spent, (3, 5, 7), names),
    }
    rows["一般公共预算财政拨款支出决算表"] = levels(
        {c: _general(f) for c, f in made.general.items()}, (3, 5, 7), names
    )
    rows["一般公共预算财政拨款基本支出决算表"] = _economic(made.basic, BASIC, True)
    rows["一般公共预算财政拨款项目支出决算表"] = _economic(made.projects, PROJECT, False)
    if made.fund.project:
        rows["政府性基金预算财政拨款收入支出决算表"] = levels(
            {"2120803": _fund(made.fund)}, (3, 5, 7), names
        )
    by_class = {
        c: sum(v["本年支出合计"] for code, v in spent.items() if code[:3] == c) for c in CLASSES
    }
    rows["收入支出决算表"] = [_accounts(made, by_class)]
    rows["财政拨款收入支出决算表"] = [_fiscal(made)]
    rows["财政拨款支出功能分类表"] = _fiscal_classes(made)
    rows["财政拨款三公经费和机关运行经费情况表"] = [_sangong(made, rng)]
    rows["一般公共预算财政拨款三公经费情况表"] = [
        {k: v for k, v in rows["财政拨款三公经费和机关运行经费情况表"][0].items() if k in _GENERAL}
    ]
    rows["国有资产使用情况表"] = [_assets(rng)]
    rows["政府采购情况表"] = [_procurement(made, rng)]
    return rows


def added_up(parts: Sequence[Rows]) -> Rows:
    """The rows of a summary: figure by figure the sum of the parts, shares of purchases worked out anew."""
    made: Rows = {}
    for name in dict.fromkeys(name for part in parts for name in part):
        rows: dict[str, dict[str, Any]] = {}
        for row in (row for part in parts for row in part.get(name, ())):
            key = str(row.get("科目编码", row.get("科目名称", "")))
            into = rows.setdefault(key, {})
            for column, value in row.items():
                into[column] = (
                    into.get(column, 0) + value if isinstance(value, (int, Decimal)) else value
                )
        made[name] = [rows[key] for key in sorted(rows, key=_printed)]
    for row in made.get("政府采购情况表", ()):
        total = int(row["政府采购支出合计"] * 100)
        for kind in ("中小企业", "小微企业"):
            row[f"{kind}合同占比"] = _share(int(row[f"授予{kind}合同金额"] * 100), total)
    return made


def _printed(key: str) -> tuple[int, str]:
    """The order of lines: the total first, what stands below the codes last; classes by name as their codes."""
    codes = {name: code for code, name in CLASSES.items()}
    return (0 if key == "合计" else 1 if key.isdigit() or key in codes else 2), codes.get(
        key, {"人员经费合计": "1", "公用经费合计": "2"}.get(key, key)
    )


def offset(amount: int) -> Rows:
    """The rows of a 调整表 that takes an inner grant out of a department's sums: negative on both sides, everything else zero."""
    names = {"205": MAIN["205"][0], "20502": MAIN["205"][2], "2050202": MAIN["205"][4]}
    spent = {"本年支出合计": -amount, "基本支出": 0, "项目支出": 0, "对附属单位补助支出": -amount}
    zero = {column: money(0) for column in _general(_Flow())}
    total = money(-amount)
    return {
        "收入支出决算表": [
            {
                "上级补助收入": total,
                "本年收入合计": total,
                "收入总计": total,
                CLASSES["205"]: total,
                "本年支出合计": total,
                "支出总计": total,
            }
        ],
        "收入决算表": levels(
            {"2050202": {"本年收入合计": -amount, "财政拨款收入": 0, "上级补助收入": -amount}},
            (3, 5, 7),
            names,
        ),
        "支出决算表": levels({"2050202": spent}, (3, 5, 7), names),
        "财政拨款收入支出决算表": [{column: money(0) for column in _fiscal(Figures(KINDS[0]))}],
        "财政拨款支出功能分类表": [
            {
                "科目名称": CLASSES["205"],
                "合计": money(0),
                "一般公共预算财政拨款": money(0),
                "政府性基金预算财政拨款": money(0),
            }
        ],
        "一般公共预算财政拨款支出决算表": [{"科目编码": "合计", "科目名称": "", **zero}],
        "一般公共预算财政拨款基本支出决算表": [
            {"科目编码": word, "科目名称": "", "决算数": money(0)}
            for word in ("人员经费合计", "公用经费合计")
        ],
        "一般公共预算财政拨款项目支出决算表": [
            {"科目编码": "合计", "科目名称": "", "决算数": money(0)}
        ],
        "财政拨款三公经费和机关运行经费情况表": [
            {"三公经费合计预算数": money(0), "三公经费合计决算数": money(0)}
        ],
    }


def _general(flow: _Flow) -> dict[str, int]:
    return {
        "年初结转和结余": flow.opened,
        "年初基本支出结转": 0,
        "年初项目支出结转和结余": flow.opened,
        "本年收入": flow.basic + flow.income,
        "本年收入基本支出": flow.basic,
        "本年收入项目支出": flow.income,
        "本年支出": flow.basic + flow.project,
        "基本支出": flow.basic,
        "人员经费": flow.staff,
        "公用经费": flow.running,
        "项目支出": flow.project,
        "年末结转和结余": flow.left,
        "年末基本支出结转": 0,
        "年末项目支出结转和结余": flow.left,
        "年末项目支出结转": flow.left,
        "年末项目支出结余": 0,
    }


def _fund(flow: _Flow) -> dict[str, int]:
    return {
        "年初结转和结余": flow.opened,
        "本年收入": flow.income,
        "本年支出": flow.project,
        "基本支出": 0,
        "项目支出": flow.project,
        "年末结转和结余": flow.left,
    }


def _economic(amounts: dict[str, int], names: dict[str, str], basic: bool) -> list[dict[str, Any]]:
    rows = levels(
        {c: {"决算数": v} for c, v in amounts.items() if v}, (3, 5), names | GROUPS, total=not basic
    )
    if basic:
        staff = sum(v for c, v in amounts.items() if c[:3] in ("301", "303"))
        rows.append({"科目编码": "人员经费合计", "科目名称": "", "决算数": money(staff)})
        rows.append(
            {
                "科目编码": "公用经费合计",
                "科目名称": "",
                "决算数": money(sum(amounts.values()) - staff),
            }
        )
    return rows


def _totals(made: Figures) -> tuple[int, int, int, int]:
    """General budget: opened, came in, spent, left."""
    flows = made.general.values()
    return (
        sum(f.opened for f in flows),
        sum(f.basic + f.income for f in flows),
        sum(f.basic + f.project for f in flows),
        sum(f.left for f in flows),
    )


def _accounts(made: Figures, by_class: dict[str, int]) -> dict[str, Any]:
    opened, came, spent, left = _totals(made)
    fund = made.fund
    row = {
        "一般公共预算财政拨款收入": came,
        "政府性基金预算财政拨款收入": fund.income,
        "上级补助收入": made.received,
        "事业收入": made.own_income,
        "本年收入合计": came + fund.income + made.own_income + made.received,
        "年初结转和结余": opened + fund.opened + made.own_opened,
        "收入总计": came
        + fund.income
        + made.own_income
        + made.received
        + opened
        + fund.opened
        + made.own_opened,
        "本年支出合计": spent + fund.project + made.own_spent + made.granted,
        "结余分配": 0,
        "年末结转和结余": left + fund.left + made.own_left,
        "支出总计": spent
        + fund.project
        + made.own_spent
        + made.granted
        + left
        + fund.left
        + made.own_left,
    }
    return {
        k: money(v) for k, v in (row | {CLASSES[c]: v for c, v in by_class.items() if v}).items()
    }


def _fiscal(made: Figures) -> dict[str, Any]:
    opened, came, spent, left = _totals(made)
    fund = made.fund
    row = {
        "一般公共预算财政拨款收入": came,
        "政府性基金预算财政拨款收入": fund.income,
        "本年收入合计": came + fund.income,
        "年初财政拨款结转和结余": opened + fund.opened,
        "年初一般公共预算财政拨款结转和结余": opened,
        "年初政府性基金预算财政拨款结转和结余": fund.opened,
        "收入总计": came + fund.income + opened + fund.opened,
        "本年支出合计": spent + fund.project,
        "本年支出一般公共预算财政拨款": spent,
        "本年支出政府性基金预算财政拨款": fund.project,
        "年末财政拨款结转和结余": left + fund.left,
        "年末一般公共预算财政拨款结转和结余": left,
        "年末政府性基金预算财政拨款结转和结余": fund.left,
        "支出总计": spent + fund.project + left + fund.left,
        "支出总计一般公共预算财政拨款": spent + left,
        "支出总计政府性基金预算财政拨款": fund.project + fund.left,
    }
    return {k: money(v) for k, v in row.items()}


def _fiscal_classes(made: Figures) -> list[dict[str, Any]]:
    rows = []
    for code, name in CLASSES.items():
        general = sum(f.basic + f.project for c, f in made.general.items() if c[:3] == code)
        fund = made.fund.project if code == "212" else 0
        if general or fund:
            rows.append(
                {
                    "科目名称": name,
                    "合计": money(general + fund),
                    "一般公共预算财政拨款": money(general),
                    "政府性基金预算财政拨款": money(fund),
                }
            )
    return rows


_GENERAL = (
    "三公经费合计预算数",
    "三公经费合计决算数",
    "公务用车购置及运行维护费预算数",
    "公务用车购置及运行维护费决算数",
    "公务用车运行维护费预算数",
    "公务用车运行维护费决算数",
    "公务接待费预算数",
    "公务接待费决算数",
)


def _sangong(made: Figures, rng: Random) -> dict[str, Any]:
    cars, guests = made.basic["30231"], made.basic["30217"] + made.projects["30217"]
    planned_cars, planned_guests = cars + rng.randint(0, 200), guests + rng.randint(0, 100)
    running = sum(v for c, v in made.basic.items() if c[:3] in ("302", "310"))
    office = running if made.kind != KINDS[2] else 0
    # A car costs around 4 万元 a year, a guest around 100 元.
    owned = max(1, min(4, round(cars / rng.randint(360, 480))))
    people = max(2, round(guests / rng.choice((Decimal("0.8"), 1, Decimal("1.2")))))
    row = {
        "三公经费合计预算数": planned_cars + planned_guests,
        "三公经费合计决算数": cars + guests,
        "公务用车购置及运行维护费预算数": planned_cars,
        "公务用车购置及运行维护费决算数": cars,
        "公务用车运行维护费预算数": planned_cars,
        "公务用车运行维护费决算数": cars,
        "公务接待费预算数": planned_guests,
        "公务接待费决算数": guests,
        "国内接待费决算数": guests,
        "机关运行经费决算数": office,
        "行政单位机关运行经费决算数": office if made.kind == KINDS[0] else 0,
        "参公单位机关运行经费决算数": office if made.kind == KINDS[1] else 0,
    }
    return {k: money(v) for k, v in row.items()} | {
        "公务用车保有量": owned,
        "国内公务接待批次": max(1, people // rng.randint(3, 9)),
        "国内公务接待人次": people,
    }


def _assets(rng: Random) -> dict[str, Any]:
    parts = {
        "流动资产": rng.randint(10000, 90000),
        "对外投资和有价证券": 0,
        "在建工程": rng.randint(0, 9000),
        "无形资产": rng.randint(0, 900),
        "其他资产": 0,
    }
    fixed = {
        "房屋构筑物": rng.randint(10000, 500000),
        "车辆": rng.randint(2000, 9000),
        "大型设备": 0,
        "其他固定资产": rng.randint(1000, 90000),
    }
    total = sum(parts.values()) + sum(fixed.values())
    row = {"资产总额": total, "固定资产": sum(fixed.values())} | parts | fixed
    return {k: money(v) for k, v in row.items()} | {
        "车辆数": 5,
        "机要通信用车数": 1,
        "应急保障用车数": 2,
        "其他用车数": 2,
        "大型设备台数": 0,
    }


def _procurement(made: Figures, rng: Random) -> dict[str, Any]:
    goods, services = (
        rng.randint(500, made.projects["31002"] + 600),
        rng.randint(500, made.projects["30227"] + 600),
    )
    total = goods + services
    small = rng.randint(total // 4, total // 2)
    smaller = small // 2
    row = {
        "政府采购预算数": total + rng.randint(0, 900),
        "政府采购支出合计": total,
        "政府采购货物支出": goods,
        "政府采购工程支出": 0,
        "政府采购服务支出": services,
        "一般公共预算资金": total,
        "授予中小企业合同金额": small,
        "授予小微企业合同金额": smaller,
    }
    shares = {"中小企业合同占比": _share(small, total), "小微企业合同占比": _share(smaller, total)}
    return {k: money(v) for k, v in row.items()} | shares


def _share(part: int, whole: int) -> Decimal:
    """A share with four places, half up: what a cell shows as a percent with two."""
    return Decimal((2 * part * 10000 + whole) // (2 * whole)).scaleb(-4)
