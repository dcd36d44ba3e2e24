"""Words and signs that sentences of reports are made of, where they are not patterns of a rulebook."""

from __future__ import annotations

import re

# What is planned, by its words where no budget is named.
PLANNED = re.compile("任务|目标|计划|预算|下达|应[^用急]|安排|批复|指标|到位")
# Of what there was to do: a rate of what was done of it is never held against it alone.
ASKED = re.compile(
    "发放|发出|排查|检查出|发现|受理|收到|接到|应[报处办]|涉及|总[数量额]|[合共]计|共有?|申报"
)
# What was not spent or not done.
SPARED = re.compile(
    "(?:未分配|未下达|未拨付|未支出|节约|节省|余款|结余|结存|剩余|缺口|差额|尚未|未完成|未支付)[^,;。]*\\Z"
)
# Words that change what a figure is counted with.
EXCLUDED = re.compile("剔除|扣除|不含|不包括|除去|可比口径|同口径|可比价|[^,;。]{1,12}[前后]的")
# A task, and what was made of it.
TASK, DONE_SO = re.compile("任务|目标|计划"), re.compile("实际|[已共]?完成")
# Stages of a budget.
STAGES = re.compile("年初|调整|追加|年中")
# What was reached.
REACHED = re.compile("完成|实际|实现")
# A change from what was planned.
BUDGETED = re.compile("(?:比|较|与)[^,;。]{0,8}预算")
# Words that make the figure behind them what another one is compared with (比年初预算10万元减少…), or the figure between them (与年初预算10万元相比).
COMPARED = re.compile(
    "(?:(?<![占同环对])比(?![例重率])|(?<!比)较(?![大多少高低好快小]))[^,;。:()]*\\Z"
)
WITH, COMPARED_BEHIND = re.compile("[与同和][^,;。:()]*\\Z"), ("相比", "比较", "对比", "相较")
LISTED_ON = re.compile("[、和及与][^,;。]*\\Z")
# What parts the figures of a quotient that is printed behind its rate (97.85%(决算数345万元/预算数353万元)).
DIVIDED = re.compile("[/÷∕／]")
# Last year's figure in a bracket.
IN_BRACKET = re.compile("\\A[(,](?:上年|去年|上一年|同期)[^增减升降]*\\Z")
# A rate of a year on average.
YEARLY = re.compile("(?:年均|年平均|平均每年|复合|每年平均)[^,;。]*\\Z")
# Words that name no subject of their own.
SIDES = ("收入", "支出")
# Totals that are said for one another where nothing is left over from the year before.
ALL_OF = {"支出总计": ("支出合计",), "收入总计": ("收入合计",)}
ACCOUNT_TOTALS = (*ALL_OF, "支出合计", "收入合计")
TOTALS = {"总收入": "总支出", "总支出": "总收入"}
BARE = ("支出决算", "支出", "收入决算", "收入")
# Paragraphs that are items of a list, and the words at the end of the paragraph above them.
LISTED_SIGNS, LISTED_WORDS = "\ue007(", "一"
LISTED = re.compile("[\ue007(①-⑳一二三四五六七八九十]")
OPENS_BELOW = re.compile(r"(?:其中|如下|方面|包括|情况)[:,;。]?\Z")
CLOSES = re.compile("[;。]")
BRACKETS = ("(", "。(", ",(")
# The clause that a figure stands in, back to the sign that ends the one before; paragraphs that do not end a list;
# signs by which a paragraph counts off.
OWN_CLAUSE = re.compile("[;。]?[^;。]*\\Z")
# Words behind a list that say that there is more; a whole that is called one; words that tell of some of its parts only.
AND_MORE = re.compile("[^,;。]{0,4}等")
ENDS_LINE = re.compile("[:,;。]?")
TOTAL_BEFORE = re.compile("[合总共]计|总[额量计]|一共|(?<!公)共[^,;。]{0,8}\\Z")
SOME_OF_THEM = re.compile("主要|其中|重点|部分|包括|例如|如[:,]|截至|截止")
# Stages of a whole, and sides of an account: figures of these are no parts beside others.
OTHER_STATES = re.compile(
    "收入|结余|结转|剩余|余额|预算|调整|追加|已|未|实际|完成|支付|拨付|到位|下达|计划|目标|上年|去年|同比|累计|其中|[合总共]计|约|均"
)
# Words that add a figure to the one before; those that say a sum behind its parts.
ADDED = re.compile("(?:加上|加|连同)[^,;。]*\\Z")
# Words behind the last figure of which the one before them is made up (由甲10万元,加乙等20万元构成); before the first one.
MADE_UP, MADE_OF = re.compile("等?(?:共同)?(?:构成|组成|形成)"), re.compile("由[^,;。]*\\Z")
# What was planned, printed in the words of a rate: 占计划260公里的98.5%.
IN_THE_RATE = re.compile("[,;](?:占|为|完成|达到?)[^,;。()]*(?:计划|任务|目标|预算)[^,;。()]*\\Z")
# Words before a rate: it is last year's; it is what another one rose or fell from, or came to.
LAST_RATE = re.compile("\\A[,;(]?[比较](?:上年度?|去年|上年同期|去年同期|同期)(?:的|为)?\\Z")
FROM_RATE = re.compile("[由从](?:上年度?|去年)?的?\\Z")
TO_RATE = re.compile("\\A(?:提高|上升|增加|增长|下降|降低|减少|回落|升|降)[到至为]\\Z")
# What a figure printed in the words of a share is: the whole (占支出1800万元的比例15%).
SHARE_OF, OF_THE_SHARE = (
    re.compile("(?:^|[,;。(]|(?P<part>[^,;。()]{2,}?))占[^,;。()]*\\Z"),
    re.compile("的?(?:比例|比重|百分比|份额)?(?:为|是|达到?|:|约)*"),
)
TOTALLED = re.compile("(?:[合总共]计|总量|一共|共)[^,;。]{0,12}\\Z")
# A sum that closes a list of parts: it is none of them. Words between two figures of one thing (12户、30人).
SUMMED_UP = re.compile(
    "[,;、](?:(?:以上|上述|这|前)?(?:[二两三四五六七八九十]|各|几)+项|以上|上述)[^,;。、]{0,8}[合总共]计[^,;。]{0,6}\\Z"
)
# A sum that says how many parts it has, or nothing else at all: behind a list it closes it.
REASON = re.compile("(?:主要)?(?:由于|原因是?|因素是?|系|是因?为?)[:,]")
NOT_DONE = re.compile("[未没](?P<what>[一-龥]{2})\\Z")
NUMBERS = "一二三四五六七八九十"
COUNTED_UP = re.compile(
    "(?:(?P<n>[二三四五六七八九十])|两)(?:项|类|者|笔)[^,;。]{0,8}[合总共]计[^,;。]{0,6}\\Z"
)
ONLY_SUM = re.compile("[,;、。](?:以上|上述)?[合总共]计(?:为|:|金额|金额为)?")
RIGHT_BEHIND = re.compile("[,、(]?(?:共|计|共计)?")
# Totals that spending is taken from; what is owed and what is owned together are all assets.
RAISED = re.compile("收入|[合总共]计")
# What is left of one year alone; what was spent, and what is left of it, where no years are added up.
YEARS_BALANCE = re.compile("\\A[,;。](?:[本当]年)?收支(?:结余|相抵)[^,;。]{0,4}\\Z")
SPENT = re.compile("\\A[,;](?:实际)?支出(?:资金)?\\Z")
LEFT = re.compile("\\A[,;](?:预算|资金)?(?:结余|剩余|节余)(?:资金)?\\Z")
# What spending exceeds income by.
DEFICIT = re.compile("赤字|收支差额")
ASSETS, ASSET_TOTALS, DEBTS, NET = (
    "资产",
    ("资产总额", "资产总计", "资产合计"),
    "负债",
    re.compile("净资产|权益"),
)
# What is left of income when spending is taken away.
BALANCE = re.compile(
    "(?:收支|[本当][年期]).{0,4}(?:[结节]余|结存|盈余)|(?:年末|年终|期末)[^,;。]{0,6}(?:结转|结余)|结转(?:至|到)?[下次]年"
)
ENDS_OPEN = re.compile("[;,、:。]\\Z")
COUNTED_OFF = re.compile(
    r"(?<=[:;,。])(?:[一二三四五六七八九十](?:是|、)|第[一二三四五六七八九十][,、是]|\([一二三四五六七八九十]\)|[①-⑳]|\ue007)"
)
# What stands between figures that are listed side by side; between the names of what they are of.
BETWEEN = (",", "、", "和", "及", "与", ",和", "以及")
PARTED = re.compile(
    "[、,]|以及|和(?!构筑|陈列|档案|用具|结余|家庭|服务|运行|就业)|(?<!购置)及(?!构筑|运行|应急)"
)
# Headings: what they do not end in; by level 第一部分, 一、, (一), then all others. Numbers of ours are masked as marks.
HEADING_ENDS = re.compile("[。;,!?]\\Z")
HEADING_LEVELS = tuple(
    re.compile(p)
    for p in (
        "第[^,;。]{1,3}[部章篇]",
        "[一二三四五六七八九十]+[、.:,]",
        r"\([一二三四五六七八九十]+\)",
    )
)
SENTENCE_ENDS, BETWEEN_NAMES = "。!?", "、"
YUAN, WAN_YUAN = "元", "万元"

# What is left over in a text, and what stands behind a unit's name where a report names its own unit.
OTHER_YEAR, OTHER_UNIT, NO_UNIT = "别的年份", "别的单位的名称", "没写金额单位"
OWN_BEFORE = "(?:(?:19|20)[0-9]{2}年|(?:部门|单位)?(?:收入|支出|整体支出|决算))"

# The tables that relations become rows of, by kind of formula; their columns by part of the formula.
RELATION_TABLES = {
    "PARTS": "文中其中",
    "SHARE": "文中占比",
    "DONE": "文中完成率",
    "GROWTH": "文中增减幅",
    "GROWTH_PRIOR": "文中两年增减幅",
    "CHANGE": "文中增减额",
    "POINTS": "文中百分点",
}
GOAL_TABLE, GOAL_NAME, GOAL_STATE = "目标和完成", "指标", "情况"
GOAL_TEXTS = ("目标", "完成")
GOAL_FIGURES = ("目标数", "完成数")
RELATION_NAME, RELATION_SENTENCE = "序号和行", "关系"
# What such a row is called: its number keeps rows apart and in order, the rest says which sentence is meant.
ROW_NAME = "{number:04} 第{line}行 {said}"
RELATION_COLUMNS = {
    "PARTS": {"stated": "整体", "sum": "各项之和"},
    "SHARE": {"stated": "占比", "part": "部分", "whole": "整体"},
    "DONE": {"stated": "完成率", "part": "完成数", "whole": "预算或任务数"},
    "GROWTH": {"stated": "增减幅", "now": "本年数", "change": "增减额"},
    "GROWTH_PRIOR": {"stated": "增减幅", "now": "本年数", "prior": "上年数"},
    "CHANGE": {"stated": "增减额", "now": "本年数", "prior": "对比数"},
    "POINTS": {"stated": "百分点", "now": "本年比率", "prior": "对比比率"},
}

# Signs as they are written in texts turned into traditional ones, and the same as they are written here.
TRADITIONAL = (
    "產於佈萬億較減長與為佔總計財務費購車運維護國項經營決預執績額個數門撥資產發辦單機關節約採貨類標準條則區縣鄉鎮廳實際於從無補貼稅"
    "結餘轉對應級養會農業調員團組環衛體療藝術學習訓練場館書檔電訊話網絡設備傢製規評價獎勵險傷殘優撫礦煙氣溝圖廣歷歲將現達別僅"
    "雜離階層屬職權責訂認証證誤說請讓徑繳劃當圍進過還這遠連選適遞邊幹開間閱閉隊陽陸隨難雲靜韓頁順須領頭題顯風飛飯飲馬駐驗鬥魚"
    "麗黃齊龍勞勢動勝匯華協參雙變號後嚴園壓聖處複夠婦孫寧審寫寶尋導屆島師帶幣幫庫異張強彙徵恆愛態慶憑懷戰擔據掛損換搶擇擬擴擊"
    "攝敗敵斷時晉暢曉東極構槍樓樣樹橋檢歡歸殺沒況淨測湯溫漲滅滿漢潔濟瀏灣災熱爾狀獨獲畫盡監盤眾礎禮稱種積穩窮筆築範簡糧紀紅納"
    "純紙細終統絕給綠編緊線緩縮縱織繼續罰羅義聯聲聽肅脫腦臨舉舊艦莊藥蘇蘭虛蟲裝裡見視觀覽觸記討許訪詞詢試詳誠課談論諮譯議識譽"
    "讀豐貝負貢貧販貫貿賀賠賣賬質賴贈贊趕趙跡輔輕輛輪輸轄辯迴遷郵醫釋針鐘鋼錄錢錯鍵鐵鑒鎖閒闆陳陰隱雞霧響頓頒頻願騰髮麥點黨齡"
    "佈併來係侖倉偉側傳債傾僑儀儲兒兩冊凍劇剛創勳啟喪嚮堅塊塗塵墊壇壩奪奮妝媽宮寬屢屍嶺巖帥帳幾廠廢廟彈彎徹慮慣慘憂懸戲戶拋掃"
    "掙揀搖摟撈撐擁擠擺攔攤攬敘昇晝暫曆朧棄棟楊榮槳橫櫃欄欽歐毀氈滬滯漁澤濃濕濱瀾灘煉煩燈燒爐爛爭牽獻瑪疊瘋癥皺盜碩確碼磚禍禦"
    "秈穀竄競簽籌籤糾紛紹綜緝締緯縛罷翹聰聶膚膠臟臺艱莖葉蔣蔭薦薩蘊衝襲諸謀謝謹譜豎賓賞賢賦賺贏躍軌軍軟載輝輯轟辭遜遲遼鄰鄭醞"
    "釣鈔銀銅銘銷鋪鋒鍋鍛鎊鏈鏡閃閘閣闊闡陝雛頂頑頗顆顧飄餅餓駁駕騎驅驚鮮鳳鴻鷹鹽"
)
SIMPLIFIED = (
    "产于布万亿较减长与为占总计财务费购车运维护国项经营决预执绩额个数门拨资产发办单机关节约采货类标准条则区县乡镇厅实际于从无补贴税"
    "结余转对应级养会农业调员团组环卫体疗艺术学习训练场馆书档电讯话网络设备家制规评价奖励险伤残优抚矿烟气沟图广历岁将现达别仅"
    "杂离阶层属职权责订认证证误说请让径缴划当围进过还这远连选适递边干开间阅闭队阳陆随难云静韩页顺须领头题显风飞饭饮马驻验斗鱼"
    "丽黄齐龙劳势动胜汇华协参双变号后严园压圣处复够妇孙宁审写宝寻导届岛师带币帮库异张强汇征恒爱态庆凭怀战担据挂损换抢择拟扩击"
    "摄败敌断时晋畅晓东极构枪楼样树桥检欢归杀没况净测汤温涨灭满汉洁济浏湾灾热尔状独获画尽监盘众础礼称种积稳穷笔筑范简粮纪红纳"
    "纯纸细终统绝给绿编紧线缓缩纵织继续罚罗义联声听肃脱脑临举旧舰庄药苏兰虚虫装里见视观览触记讨许访词询试详诚课谈论咨译议识誉"
    "读丰贝负贡贫贩贯贸贺赔卖账质赖赠赞赶赵迹辅轻辆轮输辖辩回迁邮医释针钟钢录钱错键铁鉴锁闲板陈阴隐鸡雾响顿颁频愿腾发麦点党龄"
    "布并来系仑仓伟侧传债倾侨仪储儿两册冻剧刚创勋启丧向坚块涂尘垫坛坝夺奋妆妈宫宽屡尸岭岩帅帐几厂废庙弹弯彻虑惯惨忧悬戏户抛扫"
    "挣拣摇搂捞撑拥挤摆拦摊揽叙升昼暂历胧弃栋杨荣桨横柜栏钦欧毁毡沪滞渔泽浓湿滨澜滩炼烦灯烧炉烂争牵献玛叠疯症皱盗硕确码砖祸御"
    "籼谷窜竞签筹签纠纷绍综缉缔纬缚罢翘聪聂肤胶脏台艰茎叶蒋荫荐萨蕴冲袭诸谋谢谨谱竖宾赏贤赋赚赢跃轨军软载辉辑轰辞逊迟辽邻郑酝"
    "钓钞银铜铭销铺锋锅锻镑链镜闪闸阁阔阐陕雏顶顽颇颗顾飘饼饿驳驾骑驱惊鲜凤鸿鹰盐"
)

# How many projects were managed, reviewed or put right is neither a goal nor reached of one: 编报绩效目标的项目4个, 已经完成整改的0个; a plan to do so is.
MANAGED = re.compile(
    "\\A(?!.*(?:计划|任务|拟))(?:.*(?:(?:编报|编制|填报|申报|报送|审核|批复|纳入)[^,;。]{0,8}绩效目标|绩效(?:目标)?(?:管理|跟踪|监控|自评|评价|评级))[^,;。]{0,8}的|.*整改的\\Z)"
)


__all__ = [
    "ACCOUNT_TOTALS",
    "ADDED",
    "ALL_OF",
    "AND_MORE",
    "ASKED",
    "ASSETS",
    "ASSET_TOTALS",
    "BALANCE",
    "BARE",
    "BETWEEN",
    "BETWEEN_NAMES",
    "BRACKETS",
    "BUDGETED",
    "CLOSES",
    "COMPARED",
    "COMPARED_BEHIND",
    "COUNTED_OFF",
    "COUNTED_UP",
    "DEBTS",
    "DEFICIT",
    "DIVIDED",
    "DONE_SO",
    "ENDS_LINE",
    "ENDS_OPEN",
    "EXCLUDED",
    "FROM_RATE",
    "GOAL_FIGURES",
    "GOAL_NAME",
    "GOAL_STATE",
    "GOAL_TABLE",
    "GOAL_TEXTS",
    "HEADING_ENDS",
    "HEADING_LEVELS",
    "IN_BRACKET",
    "IN_THE_RATE",
    "LAST_RATE",
    "LEFT",
    "LISTED",
    "LISTED_ON",
    "LISTED_SIGNS",
    "LISTED_WORDS",
    "MADE_OF",
    "MADE_UP",
    "MANAGED",
    "NET",
    "NOT_DONE",
    "NO_UNIT",
    "NUMBERS",
    "OF_THE_SHARE",
    "ONLY_SUM",
    "OPENS_BELOW",
    "OTHER_STATES",
    "OTHER_UNIT",
    "OTHER_YEAR",
    "OWN_BEFORE",
    "OWN_CLAUSE",
    "PARTED",
    "PLANNED",
    "RAISED",
    "REACHED",
    "REASON",
    "RELATION_COLUMNS",
    "RELATION_NAME",
    "RELATION_SENTENCE",
    "RELATION_TABLES",
    "RIGHT_BEHIND",
    "ROW_NAME",
    "SENTENCE_ENDS",
    "SHARE_OF",
    "SIDES",
    "SIMPLIFIED",
    "SOME_OF_THEM",
    "SPARED",
    "SPENT",
    "STAGES",
    "SUMMED_UP",
    "TASK",
    "TOTALLED",
    "TOTALS",
    "TOTAL_BEFORE",
    "TO_RATE",
    "TRADITIONAL",
    "WAN_YUAN",
    "WITH",
    "YEARLY",
    "YEARS_BALANCE",
    "YUAN",
]
