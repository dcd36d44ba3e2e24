-- The whole of anning-2023 by hand: what one who knows DuckDB well would write for these very rules, and nothing more.
-- Run by by_hand.py with {data} and {out} filled in. Money in 分, shares in millionths; a printed figure of 万元 is good to ±5000 分, a percent to ±50 millionths.
CREATE MACRO fen(x) AS (x * 100)::BIGINT;
CREATE MACRO ppm(x) AS (x * 1000000)::BIGINT;
-- Is a sum of n figures off by more than their rounding?
CREATE MACRO off(v, n) AS abs(v) > n * 5000;
CREATE MACRO has(mask, i) AS (mask >> i) & 1;
-- Is a printed share p off from top ÷ bottom (bottom above zero; both ±h)?
CREATE MACRO share_off(p, top, bottom, h, hp) AS top * 1000000 - (p - hp) * bottom + h::BIGINT * 1000000 + h * abs(p - hp) < 0
  OR top * 1000000 - (p + hp) * bottom - h::BIGINT * 1000000 - h * abs(p + hp) > 0;
-- The same for the growth b ÷ (c - b), where b moves top and bottom together.
CREATE MACRO growth_off(p, b, c) AS b * 1000000 - (p - 50) * (c - b) + 5000 * (abs(1000000 + p - 50) + abs(p - 50)) < 0
  OR b * 1000000 - (p + 50) * (c - b) - 5000 * (abs(1000000 + p + 50) + abs(p + 50)) > 0;
CREATE MACRO rest(most, lost) AS greatest(most - lost, 0);
-- Scores of top ÷ bottom: over a limit, under a limit, both (limits in percent, steps of `per` percent cost `take`).
CREATE MACRO over(a, b, edge, per, take, most) AS CASE WHEN a * 100 > b * edge THEN rest(most, take * ((a * 100 - b * edge) // (b * per))) ELSE most END;
CREATE MACRO under(a, b, edge, per, take, most) AS CASE WHEN a * 100 < b * edge THEN rest(most, take * ((b * edge - a * 100) // (b * per))) ELSE most END;
CREATE MACRO beside(a, b, per, take, most) AS rest(most, take * (abs(a - b) * 100 // (b * per)));
CREATE MACRO fourths(a, b) AS CASE WHEN a * 10 >= b * 8 THEN 300 WHEN a * 10 >= b * 7 THEN 200 WHEN a * 10 >= b * 6 THEN 100 ELSE 0 END;
CREATE MACRO liked(p) AS CASE WHEN p >= 950000 THEN 200 WHEN p >= 850000 THEN 150 WHEN p >= 750000 THEN 100 ELSE 0 END;
CREATE MACRO points(x) AS CAST(x AS DECIMAL(7,0)) * CAST(0.01 AS DECIMAL(2,2));
CREATE MACRO yuan(x) AS CAST(CAST(x AS DECIMAL(38,0)) * 0.01 AS DECIMAL(38,6));
CREATE MACRO whole(x) AS CAST(x AS DECIMAL(38,6));
CREATE MACRO ratio(a, b) AS CAST(CAST(CASE WHEN a < 0 THEN -((2 * abs(a)::HUGEINT * 1000000 + b) // (2 * b)) ELSE (2 * a::HUGEINT * 1000000 + b) // (2 * b) END AS DECIMAL(38,0)) * 0.000001 AS DECIMAL(38,6));
CREATE MACRO share(p) AS CAST(CAST(p AS DECIMAL(38,0)) * 0.000001 AS DECIMAL(38,6));
CREATE MACRO grade(x) AS CASE WHEN x >= 9000 THEN '优' WHEN x >= 8000 THEN '良' WHEN x >= 6000 THEN '中' ELSE '差' END;

CREATE TEMP TABLE twice AS SELECT 单位代码 FROM read_parquet('{data}/自评得分.parquet') GROUP BY 单位代码, 年度
  HAVING count(*) <> bit_count(bit_or(list_extract([1::BIGINT, 2::BIGINT, 4::BIGINT, 8::BIGINT, 16::BIGINT, 32::BIGINT, 64::BIGINT, 128::BIGINT, 256::BIGINT, 512::BIGINT, 1024::BIGINT, 2048::BIGINT, 4096::BIGINT, 8192::BIGINT, 16384::BIGINT, 32768::BIGINT, 65536::BIGINT, 131072::BIGINT, 262144::BIGINT, 524288::BIGINT, 1048576::BIGINT, 2097152::BIGINT, 4194304::BIGINT, 8388608::BIGINT, 16777216::BIGINT, 33554432::BIGINT, 67108864::BIGINT, 134217728::BIGINT, 268435456::BIGINT, 536870912::BIGINT, 1073741824::BIGINT, 2147483648::BIGINT, 4294967296::BIGINT, 8589934592::BIGINT], list_position(['C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'C08', 'C09', 'C10', 'C11', 'C12', 'C13', 'C14', 'C15', 'C16', 'C17', 'C18', 'C19', 'C20', 'C21', 'C22', 'C23', 'C24', 'C25', 'C26', 'C27', 'C28', 'C29', 'C30', 'C31', 'C32', 'C33', 'C34'], 指标代码))));
CREATE TEMP TABLE doubled AS SELECT 单位代码, 指标代码 FROM read_parquet('{data}/自评得分.parquet') SEMI JOIN twice USING (单位代码) GROUP BY ALL HAVING count(*) > 1;
CREATE TEMP VIEW own_rows AS SELECT * FROM read_parquet('{data}/自评得分.parquet') ANTI JOIN doubled USING (单位代码, 指标代码) WHERE 年度 = 2023;

CREATE TEMP VIEW own_kept AS SELECT 单位代码, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 0) AS own0, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 1) AS own1, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 2) AS own2, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 3) AS own3, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 4) AS own4, sum((s + 1000000) * step) FILTER (WHERE k // 6 = 5) AS own5,
  sum(s) AS own_sum, count(s) AS own_count, count(*) AS own_rows, min(s) AS own_least, count(*) FILTER (WHERE s > printed) AS own_beyond,
  count(*) FILTER (WHERE listed <> printed) AS own_differ,
  sum(s) FILTER (WHERE 二级指标 = '部门职能职责') AS duty_own, sum(s) FILTER (WHERE 二级指标 = '预算执行') AS budget_own,
  sum(listed) FILTER (WHERE 二级指标 = '部门职能职责') AS duty_listed, sum(printed) FILTER (WHERE 二级指标 = '预算执行') AS budget_printed
  FROM (SELECT *, (得分 * 100)::BIGINT AS s, (印明分值 * 100)::BIGINT AS printed, (标准列明分值 * 100)::BIGINT AS listed, k0 - 1 AS k,
    list_extract([1::HUGEINT, 2097152::HUGEINT, 4398046511104::HUGEINT, 9223372036854775808::HUGEINT, 19342813113834066795298816::HUGEINT, 40564819207303340847894502572032::HUGEINT], (k0 - 1) % 6 + 1) AS step
    FROM (SELECT *, list_position(['C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'C08', 'C09', 'C10', 'C11', 'C12', 'C13', 'C14', 'C15', 'C16', 'C17', 'C18', 'C19', 'C20', 'C21', 'C22', 'C23', 'C24', 'C25', 'C26', 'C27', 'C28', 'C29', 'C30', 'C31', 'C32', 'C33', 'C34'], 指标代码) AS k0 FROM own_rows)) GROUP BY 单位代码;
-- What is said of all rows of a unit is said of nobody of whom rows were set aside.
CREATE TEMP VIEW own AS SELECT own_kept.* REPLACE (CASE WHEN u IS NULL THEN own_sum END AS own_sum, CASE WHEN u IS NULL THEN own_count END AS own_count, CASE WHEN u IS NULL THEN own_rows END AS own_rows, CASE WHEN u IS NULL THEN own_least END AS own_least, CASE WHEN u IS NULL THEN own_beyond END AS own_beyond, CASE WHEN u IS NULL THEN own_differ END AS own_differ, CASE WHEN u IS NULL THEN duty_own END AS duty_own, CASE WHEN u IS NULL THEN budget_own END AS budget_own, CASE WHEN u IS NULL THEN duty_listed END AS duty_listed, CASE WHEN u IS NULL THEN budget_printed END AS budget_printed)
  FROM own_kept LEFT JOIN (SELECT DISTINCT 单位代码 AS u FROM doubled) ON u = 单位代码;

CREATE TEMP VIEW checks AS SELECT 单位代码, coalesce(bit_or(b) FILTER (WHERE 结果 = '具备'), 0) AS met, coalesce(bit_or(b) FILTER (WHERE 结果 = '不具备'), 0) AS unmet
  FROM (SELECT 单位代码, 结果, list_extract([1::BIGINT, 2::BIGINT, 4::BIGINT, 8::BIGINT, 16::BIGINT, 32::BIGINT, 64::BIGINT, 128::BIGINT, 256::BIGINT, 512::BIGINT, 1024::BIGINT, 2048::BIGINT, 4096::BIGINT, 8192::BIGINT, 16384::BIGINT, 32768::BIGINT, 65536::BIGINT, 131072::BIGINT, 262144::BIGINT, 524288::BIGINT, 1048576::BIGINT, 2097152::BIGINT, 4194304::BIGINT, 8388608::BIGINT, 16777216::BIGINT, 33554432::BIGINT, 67108864::BIGINT, 134217728::BIGINT, 268435456::BIGINT, 536870912::BIGINT], list_position(['规划和年度目标可行且有持续性', '适应本市五年规划和远景目标纲要', '与部门职能相适应', '规划和年度目标设定完整', '符合法律法规和发展规划', '符合三定方案确定的职责', '符合部门中长期实施规划', '目标分解为具体工作任务', '有清晰可衡量的指标值', '与年度任务数或计划数对应', '职能界定明确', '职能设定有文件依据', '工作目标与部门职能对应', '具体工作与部门职能对应', '有规定科室和下属单位职责的文件', '科室和下属单位职责明确', '人员基数如实核定', '按预算标准编制', '预算依据充分', '符合资金使用范围', '已制定财务管理制度', '财务制度合法合规完整', '财务制度得到有效执行', '制定财务监控监督措施', '监控监督措施得到执行', '按规定内容公开预决算信息', '按规定时限公开预决算信息', '基础信息真实完整准确', '资产管理制度合法合规完整', '资产管理制度得到有效执行'], 要点)) AS b
    FROM read_parquet('{data}/要点核对.parquet') WHERE 年度 = 2023) GROUP BY 单位代码;
CREATE TEMP VIEW marks AS SELECT 单位代码, sum(m) FILTER (WHERE 指标代码 = 'C30') AS sum30, count(m) FILTER (WHERE 指标代码 = 'C30') AS count30, sum(m) FILTER (WHERE 指标代码 = 'C31') AS sum31, count(m) FILTER (WHERE 指标代码 = 'C31') AS count31, sum(m) FILTER (WHERE 指标代码 = 'C32') AS sum32, count(m) FILTER (WHERE 指标代码 = 'C32') AS count32, sum(m) FILTER (WHERE 指标代码 = 'C33') AS sum33, count(m) FILTER (WHERE 指标代码 = 'C33') AS count33
  FROM (SELECT 单位代码, 指标代码, (得分 * 100)::BIGINT AS m FROM read_parquet('{data}/评审打分.parquet') WHERE 年度 = 2023) GROUP BY 单位代码;
CREATE TEMP VIEW projects AS SELECT 单位代码, count(*) AS projects, count(*) FILTER (WHERE 是否重点 = '是') AS keys, sum(fen(预算数))::BIGINT AS planned,
  coalesce(sum(fen(预算数)) FILTER (WHERE 是否重点 = '是'), 0)::BIGINT AS key_planned, sum(fen(决算数))::BIGINT AS spent
  FROM read_parquet('{data}/项目支出明细.parquet') WHERE 年度 = 2023 GROUP BY 单位代码;
CREATE TEMP VIEW departments AS SELECT 单位代码, count(*) AS departments FROM read_parquet('{data}/内设机构.parquet') WHERE 年度 = 2023 GROUP BY 单位代码;
CREATE TEMP VIEW sites AS SELECT 单位代码, count(*) FILTER (WHERE 类别 = '小区') AS estates, count(*) FILTER (WHERE 类别 = '村') AS villages
  FROM read_parquet('{data}/无违建示范点.parquet') WHERE 年度 = 2023 GROUP BY 单位代码;
CREATE TEMP VIEW lanes AS SELECT 单位代码, count(*) AS lanes FROM read_parquet('{data}/最美街巷.parquet') WHERE 年度 = 2023 GROUP BY 单位代码;

CREATE TEMP VIEW figures AS SELECT u.单位代码, u.单位名称, a.* EXCLUDE (单位代码), p.* EXCLUDE (单位代码), e.* EXCLUDE (单位代码), s.* EXCLUDE (单位代码), l.* EXCLUDE (单位代码),
  g.* EXCLUDE (单位代码), f.* EXCLUDE (单位代码), n.* EXCLUDE (单位代码), d.* EXCLUDE (单位代码), x.* EXCLUDE (单位代码), t.* EXCLUDE (单位代码), z.* EXCLUDE (单位代码),
  own.* EXCLUDE (单位代码), checks.* EXCLUDE (单位代码), marks.* EXCLUDE (单位代码), projects.* EXCLUDE (单位代码), departments.* EXCLUDE (单位代码), sites.* EXCLUDE (单位代码), lanes.* EXCLUDE (单位代码)
FROM (SELECT 单位代码, 单位名称 FROM read_parquet('{data}/单位.parquet') WHERE 年度 = 2023) u
LEFT JOIN (SELECT 单位代码, fen(收入决算数) AS 收入决算数, fen(支出决算数) AS 支出决算数, fen(基本支出) AS 基本支出, fen(人员经费) AS 人员经费, fen(日常公用经费) AS 日常公用经费, fen(项目支出) AS 项目支出, fen(收入决算数增减额) AS 收入决算数增减额, 收入决算数增减额方向词 AS 收入决算数增减额方向词, ppm(收入决算数增减幅) AS 收入决算数增减幅, 收入决算数增减幅方向词 AS 收入决算数增减幅方向词, fen(支出决算数增减额) AS 支出决算数增减额, 支出决算数增减额方向词 AS 支出决算数增减额方向词, ppm(支出决算数增减幅) AS 支出决算数增减幅, 支出决算数增减幅方向词 AS 支出决算数增减幅方向词, fen(基本支出增减额) AS 基本支出增减额, 基本支出增减额方向词 AS 基本支出增减额方向词, ppm(基本支出增减幅) AS 基本支出增减幅, 基本支出增减幅方向词 AS 基本支出增减幅方向词, fen(人员经费增减额) AS 人员经费增减额, 人员经费增减额方向词 AS 人员经费增减额方向词, ppm(人员经费增减幅) AS 人员经费增减幅, 人员经费增减幅方向词 AS 人员经费增减幅方向词, fen(日常公用经费增减额) AS 日常公用经费增减额, 日常公用经费增减额方向词 AS 日常公用经费增减额方向词, ppm(日常公用经费增减幅) AS 日常公用经费增减幅, 日常公用经费增减幅方向词 AS 日常公用经费增减幅方向词, fen(项目支出增减额) AS 项目支出增减额, 项目支出增减额方向词 AS 项目支出增减额方向词, ppm(项目支出增减幅) AS 项目支出增减幅, 项目支出增减幅方向词 AS 项目支出增减幅方向词, ppm(收入预算完成率) AS 收入预算完成率, ppm(支出预算完成率) AS 支出预算完成率, fen(收入减少说明额) AS 收入减少说明额, fen(基本支出减少说明额) AS 基本支出减少说明额, fen(项目支出增加说明额) AS 项目支出增加说明额 FROM read_parquet('{data}/收支决算.parquet') WHERE 年度 = 2023) a USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(收入决算数) AS 上年收入决算数, fen(支出决算数) AS 上年支出决算数 FROM read_parquet('{data}/收支决算.parquet') WHERE 年度 = 2022) p USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(年初预算数) AS 执行年初预算数, fen(预算调整数) AS 执行预算调整数, fen(调整后预算数) AS 执行调整后预算数, fen(支出决算数) AS 执行支出决算数, ppm(实际支付进度) AS 执行实际支付进度, ppm(既定支付进度) AS 执行既定支付进度, fen(公用经费预算数) AS 执行公用经费预算数, fen(公用经费决算数) AS 执行公用经费决算数 FROM read_parquet('{data}/预算执行.parquet') WHERE 年度 = 2023) e USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(预算数) AS 三公预算数, fen(决算数) AS 三公决算数, fen(因公出国境费决算数) AS 三公因公出国境费决算数, fen(公务用车购置费决算数) AS 三公公务用车购置费决算数, fen(公务用车运行维护费决算数) AS 三公公务用车运行维护费决算数, fen(公务接待费决算数) AS 三公公务接待费决算数, 公务用车保有量 AS 三公公务用车保有量 FROM read_parquet('{data}/三公经费.parquet') WHERE 年度 = 2023) s USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(预算数) AS 上年三公预算数 FROM read_parquet('{data}/三公经费.parquet') WHERE 年度 = 2022) l USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(采购预算数) AS 采购采购预算数, fen(实际采购金额) AS 采购实际采购金额, fen(货物) AS 采购货物, fen(工程) AS 采购工程, fen(服务) AS 采购服务, fen(一般公共预算) AS 采购一般公共预算, fen(政府性基金预算) AS 采购政府性基金预算, fen(中小企业合同金额) AS 采购中小企业合同金额 FROM read_parquet('{data}/政府采购.parquet') WHERE 年度 = 2023) g USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(净值合计) AS 资产净值合计, fen(房屋和构筑物) AS 资产房屋和构筑物, ppm(房屋和构筑物占比) AS 资产房屋和构筑物占比, fen(其中房屋) AS 资产其中房屋, ppm(其中房屋占比) AS 资产其中房屋占比, fen(设备) AS 资产设备, ppm(设备占比) AS 资产设备占比, fen(其中车辆) AS 资产其中车辆, ppm(其中车辆占比) AS 资产其中车辆占比, fen(其中大型设备) AS 资产其中大型设备, ppm(其中大型设备占比) AS 资产其中大型设备占比, fen(文物和陈列品) AS 资产文物和陈列品, ppm(文物和陈列品占比) AS 资产文物和陈列品占比, fen(图书和档案) AS 资产图书和档案, ppm(图书和档案占比) AS 资产图书和档案占比, fen(家具和用具) AS 资产家具和用具, ppm(家具和用具占比) AS 资产家具和用具占比, fen(特种动植物) AS 资产特种动植物, ppm(特种动植物占比) AS 资产特种动植物占比, fen(在用固定资产) AS 资产在用固定资产, fen(固定资产总额) AS 资产固定资产总额 FROM read_parquet('{data}/固定资产.parquet') WHERE 年度 = 2023) f USING (单位代码)
LEFT JOIN (SELECT 单位代码, 编制数 AS 编制数, 在职人数 AS 在职人数, 领导职数 AS 领导职数, 主任职数 AS 主任职数, 副主任职数 AS 副主任职数, 内设机构数 AS 内设机构数, 内设机构领导职数 AS 内设机构领导职数, 比上年减少人数 AS 比上年减少人数, 比上年减少人数复述 AS 比上年减少人数复述 FROM read_parquet('{data}/人员编制.parquet') WHERE 年度 = 2023) n USING (单位代码)
LEFT JOIN (SELECT 单位代码, (违建任务面积 * 100)::BIGINT AS 违建任务面积, 治理宗数 AS 治理宗数, (治理面积 * 100)::BIGINT AS 治理面积, ppm(治理完成率) AS 治理完成率, 治理期间 AS 治理期间, (违建任务面积复述 * 100)::BIGINT AS 违建任务面积复述, 治理宗数复述 AS 治理宗数复述, (治理面积复述 * 100)::BIGINT AS 治理面积复述, ppm(治理完成率复述) AS 治理完成率复述, 治理期间复述 AS 治理期间复述, 无违建示范点数 AS 无违建示范点数, 无违建示范小区数 AS 无违建示范小区数, 无违建示范村数 AS 无违建示范村数, 街道数 AS 街道数, 街道数复述 AS 街道数复述, 数字城管上报数 AS 数字城管上报数, 数字城管公众举报数 AS 数字城管公众举报数, 数字城管媒体曝光数 AS 数字城管媒体曝光数, 数字城管受理数 AS 数字城管受理数, 数字城管立案数 AS 数字城管立案数, 数字城管派遣数 AS 数字城管派遣数, 数字城管结案数 AS 数字城管结案数, ppm(数字城管结案率) AS 数字城管结案率, 群众投诉受理数 AS 群众投诉受理数, 群众投诉办理数 AS 群众投诉办理数, 热线转办受理数 AS 热线转办受理数, 热线转办办理数 AS 热线转办办理数, 城管委平台办理数 AS 城管委平台办理数, 城管委平台回复数 AS 城管委平台回复数, 智慧平台上报数 AS 智慧平台上报数, 智慧平台结案数 AS 智慧平台结案数, 乱排乱倒上半年起数 AS 乱排乱倒上半年起数, 乱排乱倒累计起数 AS 乱排乱倒累计起数 FROM read_parquet('{data}/履职情况.parquet') WHERE 年度 = 2023) d USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(大赶考考核得分) AS 大赶考考核得分, ppm(满意度) AS 满意度, 不合规事项数 AS 不合规事项数 FROM read_parquet('{data}/外部考核.parquet') WHERE 年度 = 2023) x USING (单位代码)
LEFT JOIN (SELECT 单位代码, 评价年度 AS 评价年度, 占位符个数 AS 占位符个数, 评价准备截止年份 AS 评价准备截止年份, 评价实施截止年份 AS 评价实施截止年份, 他单位称谓次数 AS 他单位称谓次数 FROM read_parquet('{data}/文本核查.parquet') WHERE 年度 = 2023) t USING (单位代码)
LEFT JOIN (SELECT 单位代码, fen(合计得分) AS 汇总合计得分, fen(满分) AS 汇总满分, 结论等级 AS 汇总结论等级, fen(部门职能职责分值) AS 汇总部门职能职责分值, fen(预算执行分值) AS 汇总预算执行分值 FROM read_parquet('{data}/自评汇总.parquet') WHERE 年度 = 2023) z USING (单位代码)
LEFT JOIN own USING (单位代码) LEFT JOIN checks USING (单位代码) LEFT JOIN marks USING (单位代码) LEFT JOIN projects USING (单位代码)
LEFT JOIN departments USING (单位代码) LEFT JOIN sites USING (单位代码) LEFT JOIN lanes USING (单位代码);

CREATE TEMP VIEW scored AS SELECT *,
  nullif((own0 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC01, (CASE WHEN (((met | unmet) >> 0) & 7) = 7 THEN 50 * has(met, 0) + 50 * has(met, 1) + 100 * has(met, 2) END)::INTEGER AS sC01, (50 * has(met, 0) + 50 * has(met, 1) + 100 * has(met, 2))::INTEGER AS lC01, (200 - 50 * has(unmet, 0) - 50 * has(unmet, 1) - 100 * has(unmet, 2))::INTEGER AS hC01,
  nullif((own0 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC02, (CASE WHEN ((unmet >> 3) & 1) <> 0 THEN 0 WHEN ((met >> 3) & 1) = 1 THEN 200 END)::INTEGER AS sC02, (CASE WHEN ((met >> 3) & 1) = 1 AND ((unmet >> 3) & 1) = 0 THEN 200 ELSE 0 END)::INTEGER AS lC02, (CASE WHEN ((unmet >> 3) & 1) <> 0 THEN 0 ELSE 200 END)::INTEGER AS hC02,
  nullif((own0 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC03, (CASE WHEN (((met | unmet) >> 4) & 7) = 7 THEN 100 * has(met, 4) + 100 * has(met, 5) + 100 * has(met, 6) END)::INTEGER AS sC03, (100 * has(met, 4) + 100 * has(met, 5) + 100 * has(met, 6))::INTEGER AS lC03, (300 - 100 * has(unmet, 4) - 100 * has(unmet, 5) - 100 * has(unmet, 6))::INTEGER AS hC03,
  nullif((own0 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC04, (CASE WHEN (((met | unmet) >> 7) & 7) = 7 THEN 100 * has(met, 7) + 100 * has(met, 8) + 100 * has(met, 9) END)::INTEGER AS sC04, (100 * has(met, 7) + 100 * has(met, 8) + 100 * has(met, 9))::INTEGER AS lC04, (300 - 100 * has(unmet, 7) - 100 * has(unmet, 8) - 100 * has(unmet, 9))::INTEGER AS hC04,
  nullif((own0 >> 84) & 2097151, 0)::INTEGER - 1000000 AS oC05, (CASE WHEN ((unmet >> 10) & 3) <> 0 THEN 0 WHEN ((met >> 10) & 3) = 3 THEN 100 END)::INTEGER AS sC05, (CASE WHEN ((met >> 10) & 3) = 3 AND ((unmet >> 10) & 3) = 0 THEN 100 ELSE 0 END)::INTEGER AS lC05, (CASE WHEN ((unmet >> 10) & 3) <> 0 THEN 0 ELSE 100 END)::INTEGER AS hC05,
  nullif((own0 >> 105) & 2097151, 0)::INTEGER - 1000000 AS oC06, (CASE WHEN ((unmet >> 12) & 1) <> 0 THEN 0 WHEN ((met >> 12) & 1) = 1 THEN 400 END)::INTEGER AS sC06, (CASE WHEN ((met >> 12) & 1) = 1 AND ((unmet >> 12) & 1) = 0 THEN 400 ELSE 0 END)::INTEGER AS lC06, (CASE WHEN ((unmet >> 12) & 1) <> 0 THEN 0 ELSE 400 END)::INTEGER AS hC06,
  nullif((own1 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC07, (CASE WHEN ((unmet >> 13) & 1) <> 0 THEN 0 WHEN ((met >> 13) & 1) = 1 THEN 400 END)::INTEGER AS sC07, (CASE WHEN ((met >> 13) & 1) = 1 AND ((unmet >> 13) & 1) = 0 THEN 400 ELSE 0 END)::INTEGER AS lC07, (CASE WHEN ((unmet >> 13) & 1) <> 0 THEN 0 ELSE 400 END)::INTEGER AS hC07,
  nullif((own1 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC08, (CASE WHEN (((met | unmet) >> 14) & 3) = 3 THEN 50 * has(met, 14) + 50 * has(met, 15) END)::INTEGER AS sC08, (50 * has(met, 14) + 50 * has(met, 15))::INTEGER AS lC08, (100 - 50 * has(unmet, 14) - 50 * has(unmet, 15))::INTEGER AS hC08,
  nullif((own1 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC09, (CASE WHEN (((met | unmet) >> 16) & 3) = 3 THEN 100 * has(met, 16) + 100 * has(met, 17) END)::INTEGER AS sC09, (100 * has(met, 16) + 100 * has(met, 17))::INTEGER AS lC09, (200 - 100 * has(unmet, 16) - 100 * has(unmet, 17))::INTEGER AS hC09,
  nullif((own1 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC10, (CASE WHEN (((met | unmet) >> 18) & 3) = 3 THEN 200 * has(met, 18) + 100 * has(met, 19) END)::INTEGER AS sC10, (200 * has(met, 18) + 100 * has(met, 19))::INTEGER AS lC10, (300 - 200 * has(unmet, 18) - 100 * has(unmet, 19))::INTEGER AS hC10,
  nullif((own1 >> 84) & 2097151, 0)::INTEGER - 1000000 AS oC11, (over(在职人数, 编制数, 100, 1, 20, 100))::INTEGER AS sC11, 
  nullif((own1 >> 105) & 2097151, 0)::INTEGER - 1000000 AS oC12, (over((三公预算数 - 上年三公预算数), 上年三公预算数, 0, 1, 20, 100))::INTEGER AS sC12, (over((三公预算数 + 5000 - (上年三公预算数 - 5000)), (上年三公预算数 - 5000), 0, 1, 20, 100))::INTEGER AS lC12, (over((三公预算数 - 5000 - (上年三公预算数 + 5000)), (上年三公预算数 + 5000), 0, 1, 20, 100))::INTEGER AS hC12,
  nullif((own2 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC13, (fourths(key_planned, planned))::INTEGER AS sC13, (fourths(key_planned - 5000 * keys, planned + 5000 * projects))::INTEGER AS lC13, (fourths(key_planned + 5000 * keys, planned - 5000 * projects))::INTEGER AS hC13,
  nullif((own2 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC14, (under(执行支出决算数, 执行调整后预算数, 95, 1, 20, 200))::INTEGER AS sC14, (under(执行支出决算数 - 5000, 执行调整后预算数 + 5000, 95, 1, 20, 200))::INTEGER AS lC14, (under(执行支出决算数 + 5000, 执行调整后预算数 - 5000, 95, 1, 20, 200))::INTEGER AS hC14,
  nullif((own2 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC15, (over(abs(执行预算调整数), 执行年初预算数, 10, 1, 20, 200))::INTEGER AS sC15, (over((abs(执行预算调整数) + 5000), (执行年初预算数 - 5000), 10, 1, 20, 200))::INTEGER AS lC15, (over(greatest(abs(执行预算调整数) - 5000, 0), (执行年初预算数 + 5000), 10, 1, 20, 200))::INTEGER AS hC15,
  nullif((own2 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC16, (over(三公决算数, 三公预算数, 100, 1, 20, 100))::INTEGER AS sC16, (over((三公决算数 + 5000), (三公预算数 - 5000), 100, 1, 20, 100))::INTEGER AS lC16, (over((三公决算数 - 5000), (三公预算数 + 5000), 100, 1, 20, 100))::INTEGER AS hC16,
  nullif((own2 >> 84) & 2097151, 0)::INTEGER - 1000000 AS oC17, (under(执行实际支付进度, 执行既定支付进度, 100, 5, 20, 100))::INTEGER AS sC17, (under(执行实际支付进度 - 50, 执行既定支付进度 + 50, 100, 5, 20, 100))::INTEGER AS lC17, (under(执行实际支付进度 + 50, 执行既定支付进度 - 50, 100, 5, 20, 100))::INTEGER AS hC17,
  nullif((own2 >> 105) & 2097151, 0)::INTEGER - 1000000 AS oC18, (beside(执行公用经费决算数, 执行公用经费预算数, 10, 20, 200))::INTEGER AS sC18, (least(beside(执行公用经费决算数, 执行公用经费预算数, 10, 20, 200), beside((执行公用经费决算数 - 5000), (执行公用经费预算数 + 5000), 10, 20, 200), beside((执行公用经费决算数 + 5000), (执行公用经费预算数 - 5000), 10, 20, 200)))::INTEGER AS lC18, (CASE WHEN 执行公用经费决算数 - 5000 <= 执行公用经费预算数 + 5000 AND 执行公用经费决算数 + 5000 >= 执行公用经费预算数 - 5000 THEN 200 ELSE greatest(beside(执行公用经费决算数, 执行公用经费预算数, 10, 20, 200), beside((执行公用经费决算数 - 5000), (执行公用经费预算数 + 5000), 10, 20, 200), beside((执行公用经费决算数 + 5000), (执行公用经费预算数 - 5000), 10, 20, 200)) END)::INTEGER AS hC18,
  nullif((own3 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC19, (beside(采购实际采购金额, 采购采购预算数, 10, 20, 100))::INTEGER AS sC19, (least(beside(采购实际采购金额, 采购采购预算数, 10, 20, 100), beside((采购实际采购金额 - 5000), (采购采购预算数 + 5000), 10, 20, 100), beside((采购实际采购金额 + 5000), (采购采购预算数 - 5000), 10, 20, 100)))::INTEGER AS lC19, (CASE WHEN 采购实际采购金额 - 5000 <= 采购采购预算数 + 5000 AND 采购实际采购金额 + 5000 >= 采购采购预算数 - 5000 THEN 100 ELSE greatest(beside(采购实际采购金额, 采购采购预算数, 10, 20, 100), beside((采购实际采购金额 - 5000), (采购采购预算数 + 5000), 10, 20, 100), beside((采购实际采购金额 + 5000), (采购采购预算数 - 5000), 10, 20, 100)) END)::INTEGER AS hC19,
  nullif((own3 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC20, (CASE WHEN ((unmet >> 20) & 7) <> 0 THEN 0 WHEN ((met >> 20) & 7) = 7 THEN 100 END)::INTEGER AS sC20, (CASE WHEN ((met >> 20) & 7) = 7 AND ((unmet >> 20) & 7) = 0 THEN 100 ELSE 0 END)::INTEGER AS lC20, (CASE WHEN ((unmet >> 20) & 7) <> 0 THEN 0 ELSE 100 END)::INTEGER AS hC20,
  nullif((own3 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC21, (rest(400, 100 * 不合规事项数))::INTEGER AS sC21, 
  nullif((own3 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC22, (CASE WHEN (((met | unmet) >> 23) & 3) = 3 THEN 50 * has(met, 23) + 50 * has(met, 24) END)::INTEGER AS sC22, (50 * has(met, 23) + 50 * has(met, 24))::INTEGER AS lC22, (100 - 50 * has(unmet, 23) - 50 * has(unmet, 24))::INTEGER AS hC22,
  nullif((own3 >> 84) & 2097151, 0)::INTEGER - 1000000 AS oC23, (CASE WHEN (((met | unmet) >> 25) & 7) = 7 THEN 100 * has(met, 25) + 100 * has(met, 26) + 100 * has(met, 27) END)::INTEGER AS sC23, (100 * has(met, 25) + 100 * has(met, 26) + 100 * has(met, 27))::INTEGER AS lC23, (300 - 100 * has(unmet, 25) - 100 * has(unmet, 26) - 100 * has(unmet, 27))::INTEGER AS hC23,
  nullif((own3 >> 105) & 2097151, 0)::INTEGER - 1000000 AS oC24, (CASE WHEN (((met | unmet) >> 28) & 3) = 3 THEN 50 * has(met, 28) + 50 * has(met, 29) END)::INTEGER AS sC24, (50 * has(met, 28) + 50 * has(met, 29))::INTEGER AS lC24, (100 - 50 * has(unmet, 28) - 50 * has(unmet, 29))::INTEGER AS hC24,
  nullif((own4 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC25, (under(资产在用固定资产, 资产固定资产总额, 95, 1, 5, 100))::INTEGER AS sC25, (under(资产在用固定资产 - 5000, 资产固定资产总额 + 5000, 95, 1, 5, 100))::INTEGER AS lC25, (under(资产在用固定资产 + 5000, 资产固定资产总额 - 5000, 95, 1, 5, 100))::INTEGER AS hC25,
  nullif((own4 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC26, (least(750, (2 * 大赶考考核得分 * 750 + 11000) // 22000))::INTEGER AS sC26, 
  nullif((own4 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC27, (least(750, (2 * 大赶考考核得分 * 750 + 11000) // 22000))::INTEGER AS sC27, 
  nullif((own4 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC28, (least(750, (2 * 大赶考考核得分 * 750 + 11000) // 22000))::INTEGER AS sC28, 
  nullif((own4 >> 84) & 2097151, 0)::INTEGER - 1000000 AS oC29, (least(750, (2 * 大赶考考核得分 * 750 + 11000) // 22000))::INTEGER AS sC29, 
  nullif((own4 >> 105) & 2097151, 0)::INTEGER - 1000000 AS oC30, (CASE WHEN count30 >= 3 THEN (2 * sum30 + count30) // (2 * count30) END)::INTEGER AS sC30, 
  nullif((own5 >> 0) & 2097151, 0)::INTEGER - 1000000 AS oC31, (CASE WHEN count31 >= 3 THEN (2 * sum31 + count31) // (2 * count31) END)::INTEGER AS sC31, 
  nullif((own5 >> 21) & 2097151, 0)::INTEGER - 1000000 AS oC32, (CASE WHEN count32 >= 3 THEN (2 * sum32 + count32) // (2 * count32) END)::INTEGER AS sC32, 
  nullif((own5 >> 42) & 2097151, 0)::INTEGER - 1000000 AS oC33, (CASE WHEN count33 >= 3 THEN (2 * sum33 + count33) // (2 * count33) END)::INTEGER AS sC33, 
  nullif((own5 >> 63) & 2097151, 0)::INTEGER - 1000000 AS oC34, (liked(满意度))::INTEGER AS sC34, (liked(满意度 - 50))::INTEGER AS lC34, (liked(满意度 + 50))::INTEGER AS hC34,
  off(支出决算数 - 基本支出 - 项目支出, 3) AS T01,
  off(基本支出 - 人员经费 - 日常公用经费, 3) AS T02,
  off(收入决算数 - 支出决算数, 2) AS T03,
  off(支出决算数增减额 - 基本支出增减额 - 项目支出增减额, 3) AS T04,
  off(基本支出增减额 - 人员经费增减额 - 日常公用经费增减额, 3) AS T05,
  growth_off(收入决算数增减幅, 收入决算数增减额, 收入决算数) AS T06,
  growth_off(支出决算数增减幅, 支出决算数增减额, 支出决算数) AS T07,
  growth_off(基本支出增减幅, 基本支出增减额, 基本支出) AS T08,
  growth_off(人员经费增减幅, 人员经费增减额, 人员经费) AS T09,
  growth_off(日常公用经费增减幅, 日常公用经费增减额, 日常公用经费) AS T10,
  growth_off(项目支出增减幅, 项目支出增减额, 项目支出) AS T11,
  off((支出决算数 - 支出决算数增减额) - (基本支出 - 基本支出增减额) - (项目支出 - 项目支出增减额), 6) OR off((基本支出 - 基本支出增减额) - (人员经费 - 人员经费增减额) - (日常公用经费 - 日常公用经费增减额), 6) AS T12,
  off(收入决算数 - 收入决算数增减额 - 支出决算数 + 支出决算数增减额, 4) AS T13,
  NOT ((收入决算数增减额 > -5000 AND 收入决算数增减幅 >= -50 AND 收入决算数增减额方向词 = '增加' AND 收入决算数增减幅方向词 = '增长') OR (收入决算数增减额 < 5000 AND 收入决算数增减幅 <= 50 AND 收入决算数增减额方向词 = '减少' AND 收入决算数增减幅方向词 = '下降') OR (abs(收入决算数增减额) <= 5000 AND abs(收入决算数增减幅) <= 50 AND 收入决算数增减额方向词 = '持平' AND 收入决算数增减幅方向词 = '持平')) AS T14,
  NOT ((支出决算数增减额 > -5000 AND 支出决算数增减幅 >= -50 AND 支出决算数增减额方向词 = '增加' AND 支出决算数增减幅方向词 = '增长') OR (支出决算数增减额 < 5000 AND 支出决算数增减幅 <= 50 AND 支出决算数增减额方向词 = '减少' AND 支出决算数增减幅方向词 = '下降') OR (abs(支出决算数增减额) <= 5000 AND abs(支出决算数增减幅) <= 50 AND 支出决算数增减额方向词 = '持平' AND 支出决算数增减幅方向词 = '持平')) AS T15,
  NOT ((基本支出增减额 > -5000 AND 基本支出增减幅 >= -50 AND 基本支出增减额方向词 = '增加' AND 基本支出增减幅方向词 = '增长') OR (基本支出增减额 < 5000 AND 基本支出增减幅 <= 50 AND 基本支出增减额方向词 = '减少' AND 基本支出增减幅方向词 = '下降') OR (abs(基本支出增减额) <= 5000 AND abs(基本支出增减幅) <= 50 AND 基本支出增减额方向词 = '持平' AND 基本支出增减幅方向词 = '持平')) AS T16,
  NOT ((人员经费增减额 > -5000 AND 人员经费增减幅 >= -50 AND 人员经费增减额方向词 = '增加' AND 人员经费增减幅方向词 = '增长') OR (人员经费增减额 < 5000 AND 人员经费增减幅 <= 50 AND 人员经费增减额方向词 = '减少' AND 人员经费增减幅方向词 = '下降') OR (abs(人员经费增减额) <= 5000 AND abs(人员经费增减幅) <= 50 AND 人员经费增减额方向词 = '持平' AND 人员经费增减幅方向词 = '持平')) AS T17,
  NOT ((日常公用经费增减额 > -5000 AND 日常公用经费增减幅 >= -50 AND 日常公用经费增减额方向词 = '增加' AND 日常公用经费增减幅方向词 = '增长') OR (日常公用经费增减额 < 5000 AND 日常公用经费增减幅 <= 50 AND 日常公用经费增减额方向词 = '减少' AND 日常公用经费增减幅方向词 = '下降') OR (abs(日常公用经费增减额) <= 5000 AND abs(日常公用经费增减幅) <= 50 AND 日常公用经费增减额方向词 = '持平' AND 日常公用经费增减幅方向词 = '持平')) AS T18,
  NOT ((项目支出增减额 > -5000 AND 项目支出增减幅 >= -50 AND 项目支出增减额方向词 = '增加' AND 项目支出增减幅方向词 = '增长') OR (项目支出增减额 < 5000 AND 项目支出增减幅 <= 50 AND 项目支出增减额方向词 = '减少' AND 项目支出增减幅方向词 = '下降') OR (abs(项目支出增减额) <= 5000 AND abs(项目支出增减幅) <= 50 AND 项目支出增减额方向词 = '持平' AND 项目支出增减幅方向词 = '持平')) AS T19,
  项目支出 = 项目支出增减额 AND 项目支出增减幅 IS NOT NULL AS T20,
  off(收入决算数增减额 - 收入决算数 + 上年收入决算数, 3) AS T21,
  off(支出决算数增减额 - 支出决算数 + 上年支出决算数, 3) AS T22,
  off(收入减少说明额 + 人员经费增减额, 2) AS T23,
  off(基本支出减少说明额 + 人员经费增减额, 2) AS T24,
  off(收入减少说明额 - 基本支出减少说明额, 2) AS T25,
  off(项目支出增加说明额 - 项目支出增减额, 2) AS T26,
  CASE WHEN 比上年减少人数 = 0 THEN false ELSE greatest(abs(人员经费增减额) - 5000, 0) * 编制数 > 2 * (人员经费 + 5000) * 比上年减少人数 END AS T27,
  share_off(收入预算完成率, 收入决算数, 执行调整后预算数, 5000, 50) AS T28,
  share_off(支出预算完成率, 支出决算数, 执行调整后预算数, 5000, 50) AS T29,
  off(执行支出决算数 - 支出决算数, 2) AS T30,
  off(执行调整后预算数 - 执行年初预算数 - 执行预算调整数, 3) AS T31,
  off(执行公用经费决算数 - 日常公用经费, 2) AS T32,
  off(项目支出 - spent, 1 + projects) AS T33,
  三公决算数 - 三公预算数 > 10000 AS T34,
  off(三公决算数 - (三公因公出国境费决算数 + 三公公务用车购置费决算数 + 三公公务用车运行维护费决算数 + 三公公务接待费决算数), 5) AS T35,
  off(采购货物 - 采购一般公共预算 - 采购政府性基金预算, 3) AS T36,
  采购中小企业合同金额 - 采购一般公共预算 - 采购政府性基金预算 > 15000 AS T37,
  off(采购实际采购金额 - 采购货物 - 采购工程 - 采购服务, 4) AS T38,
  采购实际采购金额 - 采购采购预算数 > 10000 AS T39,
  off(资产净值合计 - (资产房屋和构筑物 + 资产设备 + 资产文物和陈列品 + 资产图书和档案 + 资产家具和用具 + 资产特种动植物), 7) AS T40,
  资产其中车辆 + 资产其中大型设备 - 资产设备 > 15000 AS T41,
  资产其中房屋 - 资产房屋和构筑物 > 10000 AS T42,
  share_off(资产设备占比, 资产设备, 资产净值合计, 5000, 50) AS T43,
  share_off(资产其中车辆占比, 资产其中车辆, 资产净值合计, 5000, 50) AS T44,
  share_off(资产家具和用具占比, 资产家具和用具, 资产净值合计, 5000, 50) AS T45,
  share_off(资产房屋和构筑物占比, 资产房屋和构筑物, 资产净值合计, 5000, 50) OR share_off(资产其中房屋占比, 资产其中房屋, 资产净值合计, 5000, 50) OR share_off(资产其中大型设备占比, 资产其中大型设备, 资产净值合计, 5000, 50) OR share_off(资产文物和陈列品占比, 资产文物和陈列品, 资产净值合计, 5000, 50) OR share_off(资产图书和档案占比, 资产图书和档案, 资产净值合计, 5000, 50) OR share_off(资产特种动植物占比, 资产特种动植物, 资产净值合计, 5000, 50) AS T46,
  abs(资产房屋和构筑物占比 + 资产设备占比 + 资产文物和陈列品占比 + 资产图书和档案占比 + 资产家具和用具占比 + 资产特种动植物占比 - 1000000) > 300 AS T47,
  资产在用固定资产 - 资产固定资产总额 > 10000 AS T48,
  NOT (abs(资产其中车辆) <= 5000 OR 三公公务用车保有量 > 0) AS T49,
  领导职数 <> 主任职数 + 副主任职数 AS T50,
  内设机构数 <> departments AS T51,
  内设机构领导职数 < 内设机构数 AS T52,
  比上年减少人数 <> 比上年减少人数复述 AS T53,
  在职人数 > 编制数 AS T54,
  治理面积 * 1000000 - (治理完成率 - 50) * 违建任务面积 + 5000000000 + 500000 * abs(治理完成率 - 50) < 0 OR 治理面积 * 1000000 - (治理完成率 + 50) * 违建任务面积 - 5000000000 - 500000 * abs(治理完成率 + 50) > 0 AS T55,
  abs(违建任务面积 - 违建任务面积复述) > 1000000 OR 治理宗数 <> 治理宗数复述 OR abs(治理面积 - 治理面积复述) > 10000 OR abs(治理完成率 - 治理完成率复述) > 100 AS T56,
  治理期间 <> 治理期间复述 AS T57,
  无违建示范点数 <> 无违建示范小区数 + 无违建示范村数 AS T58,
  无违建示范小区数 <> estates OR 无违建示范村数 <> villages AS T59,
  街道数 <> lanes AS T60,
  街道数 <> 街道数复述 AS T61,
  数字城管受理数 <> 数字城管上报数 + 数字城管公众举报数 + 数字城管媒体曝光数 AS T62,
  数字城管立案数 > 数字城管受理数 OR 数字城管派遣数 > 数字城管立案数 OR 数字城管结案数 > 数字城管派遣数 AS T63,
  share_off(数字城管结案率, 数字城管结案数, 数字城管受理数, 0, 5000) AS T64,
  群众投诉办理数 <> 群众投诉受理数 OR 热线转办办理数 <> 热线转办受理数 AS T65,
  城管委平台回复数 <> 城管委平台办理数 OR 智慧平台结案数 <> 智慧平台上报数 AS T66,
  乱排乱倒累计起数 < 乱排乱倒上半年起数 AS T67,
  占位符个数 <> 0 AS T68,
  评价准备截止年份 <= 评价年度 OR 评价实施截止年份 <= 评价年度 AS T69,
  他单位称谓次数 <> 0 AS T70,
  汇总合计得分 <> CASE WHEN own_count = own_rows THEN own_sum END AS T71,
  汇总满分 <> 10000 AS T72,
  own_count <> 34 AS T73,
  own_least < 0 OR own_beyond > 0 AS T74,
  duty_own > 汇总部门职能职责分值 OR budget_own > 汇总预算执行分值 AS T75,
  duty_listed <> 汇总部门职能职责分值 AS T76,
  budget_printed <> 汇总预算执行分值 AS T77,
  own_differ <> 0 AS T78,
  汇总结论等级 NOT IN (CASE grade(汇总合计得分) WHEN '优' THEN '优' WHEN '良' THEN '良' WHEN '中' THEN '中' ELSE '差' END, CASE grade(汇总合计得分) WHEN '优' THEN '优秀' WHEN '良' THEN '良好' WHEN '中' THEN '合格' ELSE '不合格' END) AS T79,
  FROM figures;
-- Points on figures that an equation contradicts are in doubt; a measure that is exactly a threshold has no range.
CREATE TEMP VIEW doubted AS SELECT * REPLACE ((CASE WHEN 三公预算数 = 上年三公预算数 THEN sC12 ELSE lC12 END)::INTEGER AS lC12, (CASE WHEN 三公预算数 = 上年三公预算数 THEN sC12 ELSE hC12 END)::INTEGER AS hC12, (CASE WHEN key_planned * 10 IN (planned * 6, planned * 7, planned * 8) THEN sC13 ELSE lC13 END)::INTEGER AS lC13, (CASE WHEN key_planned * 10 IN (planned * 6, planned * 7, planned * 8) THEN sC13 ELSE hC13 END)::INTEGER AS hC13, (CASE WHEN dC14 THEN 0 WHEN 执行支出决算数 * 100 = 执行调整后预算数 * 95 THEN sC14 ELSE lC14 END)::INTEGER AS lC14, (CASE WHEN dC14 THEN 200 WHEN 执行支出决算数 * 100 = 执行调整后预算数 * 95 THEN sC14 ELSE hC14 END)::INTEGER AS hC14, (CASE WHEN dC15 THEN 0 WHEN abs(执行预算调整数) * 10 = 执行年初预算数 THEN sC15 ELSE lC15 END)::INTEGER AS lC15, (CASE WHEN dC15 THEN 200 WHEN abs(执行预算调整数) * 10 = 执行年初预算数 THEN sC15 ELSE hC15 END)::INTEGER AS hC15, (CASE WHEN dC16 THEN 0 WHEN 三公决算数 = 三公预算数 THEN sC16 ELSE lC16 END)::INTEGER AS lC16, (CASE WHEN dC16 THEN 100 WHEN 三公决算数 = 三公预算数 THEN sC16 ELSE hC16 END)::INTEGER AS hC16, (CASE WHEN 执行实际支付进度 = 执行既定支付进度 THEN sC17 ELSE lC17 END)::INTEGER AS lC17, (CASE WHEN 执行实际支付进度 = 执行既定支付进度 THEN sC17 ELSE hC17 END)::INTEGER AS hC17, (CASE WHEN dC18 THEN 0 WHEN 执行公用经费决算数 = 执行公用经费预算数 THEN sC18 ELSE lC18 END)::INTEGER AS lC18, (CASE WHEN dC18 THEN 200 WHEN 执行公用经费决算数 = 执行公用经费预算数 THEN sC18 ELSE hC18 END)::INTEGER AS hC18, (CASE WHEN dC19 THEN 0 WHEN 采购实际采购金额 = 采购采购预算数 THEN sC19 ELSE lC19 END)::INTEGER AS lC19, (CASE WHEN dC19 THEN 100 WHEN 采购实际采购金额 = 采购采购预算数 THEN sC19 ELSE hC19 END)::INTEGER AS hC19, (CASE WHEN dC25 THEN 0 WHEN 资产在用固定资产 * 100 = 资产固定资产总额 * 95 THEN sC25 ELSE lC25 END)::INTEGER AS lC25, (CASE WHEN dC25 THEN 100 WHEN 资产在用固定资产 * 100 = 资产固定资产总额 * 95 THEN sC25 ELSE hC25 END)::INTEGER AS hC25, (CASE WHEN 满意度 IN (750000, 850000, 950000) THEN sC34 ELSE lC34 END)::INTEGER AS lC34, (CASE WHEN 满意度 IN (750000, 850000, 950000) THEN sC34 ELSE hC34 END)::INTEGER AS hC34)
  FROM (SELECT *, sC14 IS NOT NULL AND (coalesce(T28, false) OR coalesce(T29, false) OR coalesce(T30, false) OR coalesce(T31, false)) AS dC14, sC15 IS NOT NULL AND (coalesce(T31, false)) AS dC15, sC16 IS NOT NULL AND (coalesce(T35, false)) AS dC16, sC18 IS NOT NULL AND (coalesce(T32, false)) AS dC18, sC19 IS NOT NULL AND (coalesce(T38, false)) AS dC19, sC25 IS NOT NULL AND (coalesce(T48, false)) AS dC25 FROM scored);
CREATE TEMP VIEW totalled AS SELECT *,
  coalesce(sC01, lC01, 0) + coalesce(sC02, lC02, 0) + coalesce(sC03, lC03, 0) + coalesce(sC04, lC04, 0) + coalesce(sC05, lC05, 0) + coalesce(sC06, lC06, 0) + coalesce(sC07, lC07, 0) + coalesce(sC08, lC08, 0) + coalesce(sC09, lC09, 0) + coalesce(sC10, lC10, 0) + coalesce(sC11, 0) + coalesce(sC12, lC12, 0) + coalesce(sC13, lC13, 0) + coalesce(CASE WHEN dC14 THEN NULL ELSE sC14 END, lC14, 0) + coalesce(CASE WHEN dC15 THEN NULL ELSE sC15 END, lC15, 0) + coalesce(CASE WHEN dC16 THEN NULL ELSE sC16 END, lC16, 0) + coalesce(sC17, lC17, 0) + coalesce(CASE WHEN dC18 THEN NULL ELSE sC18 END, lC18, 0) + coalesce(CASE WHEN dC19 THEN NULL ELSE sC19 END, lC19, 0) + coalesce(sC20, lC20, 0) + coalesce(sC21, 0) + coalesce(sC22, lC22, 0) + coalesce(sC23, lC23, 0) + coalesce(sC24, lC24, 0) + coalesce(CASE WHEN dC25 THEN NULL ELSE sC25 END, lC25, 0) + coalesce(sC26, 0) + coalesce(sC27, 0) + coalesce(sC28, 0) + coalesce(sC29, 0) + coalesce(sC30, 0) + coalesce(sC31, 0) + coalesce(sC32, 0) + coalesce(sC33, 0) + coalesce(sC34, lC34, 0) AS least,
  coalesce(sC01, hC01, 200) + coalesce(sC02, hC02, 200) + coalesce(sC03, hC03, 300) + coalesce(sC04, hC04, 300) + coalesce(sC05, hC05, 100) + coalesce(sC06, hC06, 400) + coalesce(sC07, hC07, 400) + coalesce(sC08, hC08, 100) + coalesce(sC09, hC09, 200) + coalesce(sC10, hC10, 300) + coalesce(sC11, 0) + coalesce(sC12, hC12, 100) + coalesce(sC13, hC13, 300) + coalesce(CASE WHEN dC14 THEN NULL ELSE sC14 END, hC14, 200) + coalesce(CASE WHEN dC15 THEN NULL ELSE sC15 END, hC15, 200) + coalesce(CASE WHEN dC16 THEN NULL ELSE sC16 END, hC16, 100) + coalesce(sC17, hC17, 100) + coalesce(CASE WHEN dC18 THEN NULL ELSE sC18 END, hC18, 200) + coalesce(CASE WHEN dC19 THEN NULL ELSE sC19 END, hC19, 100) + coalesce(sC20, hC20, 100) + coalesce(sC21, 0) + coalesce(sC22, hC22, 100) + coalesce(sC23, hC23, 300) + coalesce(sC24, hC24, 100) + coalesce(CASE WHEN dC25 THEN NULL ELSE sC25 END, hC25, 100) + coalesce(sC26, 0) + coalesce(sC27, 0) + coalesce(sC28, 0) + coalesce(sC29, 0) + coalesce(sC30, 0) + coalesce(sC31, 0) + coalesce(sC32, 0) + coalesce(sC33, 0) + coalesce(sC34, hC34, 200) AS most,
  CASE WHEN dC14 THEN 200 ELSE 0 END + CASE WHEN dC15 THEN 200 ELSE 0 END + CASE WHEN dC16 THEN 100 ELSE 0 END + CASE WHEN dC18 THEN 200 ELSE 0 END + CASE WHEN dC19 THEN 100 ELSE 0 END + CASE WHEN dC25 THEN 100 ELSE 0 END AS by_contested,
  coalesce(sC01, CASE WHEN oC01 IS NOT NULL THEN greatest(lC01, least(hC01, oC01)) END, lC01, 0) + coalesce(sC02, CASE WHEN oC02 IS NOT NULL THEN greatest(lC02, least(hC02, oC02)) END, lC02, 0) + coalesce(sC03, CASE WHEN oC03 IS NOT NULL THEN greatest(lC03, least(hC03, oC03)) END, lC03, 0) + coalesce(sC04, CASE WHEN oC04 IS NOT NULL THEN greatest(lC04, least(hC04, oC04)) END, lC04, 0) + coalesce(sC05, CASE WHEN oC05 IS NOT NULL THEN greatest(lC05, least(hC05, oC05)) END, lC05, 0) + coalesce(sC06, CASE WHEN oC06 IS NOT NULL THEN greatest(lC06, least(hC06, oC06)) END, lC06, 0) + coalesce(sC07, CASE WHEN oC07 IS NOT NULL THEN greatest(lC07, least(hC07, oC07)) END, lC07, 0) + coalesce(sC08, CASE WHEN oC08 IS NOT NULL THEN greatest(lC08, least(hC08, oC08)) END, lC08, 0) + coalesce(sC09, CASE WHEN oC09 IS NOT NULL THEN greatest(lC09, least(hC09, oC09)) END, lC09, 0) + coalesce(sC10, CASE WHEN oC10 IS NOT NULL THEN greatest(lC10, least(hC10, oC10)) END, lC10, 0) + coalesce(sC11, greatest(sC11, least(sC11, oC11)), 0) + coalesce(sC12, CASE WHEN oC12 IS NOT NULL THEN greatest(lC12, least(hC12, oC12)) END, lC12, 0) + coalesce(sC13, CASE WHEN oC13 IS NOT NULL THEN greatest(lC13, least(hC13, oC13)) END, lC13, 0) + coalesce(sC14, CASE WHEN oC14 IS NOT NULL THEN greatest(lC14, least(hC14, oC14)) END, lC14, 0) + coalesce(sC15, CASE WHEN oC15 IS NOT NULL THEN greatest(lC15, least(hC15, oC15)) END, lC15, 0) + coalesce(sC16, CASE WHEN oC16 IS NOT NULL THEN greatest(lC16, least(hC16, oC16)) END, lC16, 0) + coalesce(sC17, CASE WHEN oC17 IS NOT NULL THEN greatest(lC17, least(hC17, oC17)) END, lC17, 0) + coalesce(sC18, CASE WHEN oC18 IS NOT NULL THEN greatest(lC18, least(hC18, oC18)) END, lC18, 0) + coalesce(sC19, CASE WHEN oC19 IS NOT NULL THEN greatest(lC19, least(hC19, oC19)) END, lC19, 0) + coalesce(sC20, CASE WHEN oC20 IS NOT NULL THEN greatest(lC20, least(hC20, oC20)) END, lC20, 0) + coalesce(sC21, greatest(sC21, least(sC21, oC21)), 0) + coalesce(sC22, CASE WHEN oC22 IS NOT NULL THEN greatest(lC22, least(hC22, oC22)) END, lC22, 0) + coalesce(sC23, CASE WHEN oC23 IS NOT NULL THEN greatest(lC23, least(hC23, oC23)) END, lC23, 0) + coalesce(sC24, CASE WHEN oC24 IS NOT NULL THEN greatest(lC24, least(hC24, oC24)) END, lC24, 0) + coalesce(sC25, CASE WHEN oC25 IS NOT NULL THEN greatest(lC25, least(hC25, oC25)) END, lC25, 0) + coalesce(sC26, greatest(sC26, least(sC26, oC26)), 0) + coalesce(sC27, greatest(sC27, least(sC27, oC27)), 0) + coalesce(sC28, greatest(sC28, least(sC28, oC28)), 0) + coalesce(sC29, greatest(sC29, least(sC29, oC29)), 0) + coalesce(sC30, greatest(sC30, least(sC30, oC30)), 0) + coalesce(sC31, greatest(sC31, least(sC31, oC31)), 0) + coalesce(sC32, greatest(sC32, least(sC32, oC32)), 0) + coalesce(sC33, greatest(sC33, least(sC33, oC33)), 0) + coalesce(sC34, CASE WHEN oC34 IS NOT NULL THEN greatest(lC34, least(hC34, oC34)) END, lC34, 0) AS total,
  coalesce(lC01, 0) + coalesce(lC02, 0) + coalesce(lC03, 0) + coalesce(lC04, 0) + coalesce(lC05, 0) + coalesce(lC06, 0) + coalesce(lC07, 0) + coalesce(lC08, 0) + coalesce(lC09, 0) + coalesce(lC10, 0) + coalesce(sC11, 0) + coalesce(lC12, 0) + coalesce(lC13, 0) + coalesce(lC14, 0) + coalesce(lC15, 0) + coalesce(lC16, 0) + coalesce(lC17, 0) + coalesce(lC18, 0) + coalesce(lC19, 0) + coalesce(lC20, 0) + coalesce(sC21, 0) + coalesce(lC22, 0) + coalesce(lC23, 0) + coalesce(lC24, 0) + coalesce(lC25, 0) + coalesce(sC26, 0) + coalesce(sC27, 0) + coalesce(sC28, 0) + coalesce(sC29, 0) + coalesce(sC30, 0) + coalesce(sC31, 0) + coalesce(sC32, 0) + coalesce(sC33, 0) + coalesce(lC34, 0) AS total_low,
  coalesce(hC01, 200) + coalesce(hC02, 200) + coalesce(hC03, 300) + coalesce(hC04, 300) + coalesce(hC05, 100) + coalesce(hC06, 400) + coalesce(hC07, 400) + coalesce(hC08, 100) + coalesce(hC09, 200) + coalesce(hC10, 300) + coalesce(sC11, 100) + coalesce(hC12, 100) + coalesce(hC13, 300) + coalesce(hC14, 200) + coalesce(hC15, 200) + coalesce(hC16, 100) + coalesce(hC17, 100) + coalesce(hC18, 200) + coalesce(hC19, 100) + coalesce(hC20, 100) + coalesce(sC21, 400) + coalesce(hC22, 100) + coalesce(hC23, 300) + coalesce(hC24, 100) + coalesce(hC25, 100) + coalesce(sC26, 750) + coalesce(sC27, 750) + coalesce(sC28, 750) + coalesce(sC29, 750) + coalesce(sC30, 450) + coalesce(sC31, 450) + coalesce(sC32, 450) + coalesce(sC33, 450) + coalesce(hC34, 200) AS total_high,
  oC01 + oC02 + oC03 + oC04 + oC05 + oC06 + oC07 + oC08 + oC09 + oC10 + oC11 + oC12 + oC13 + oC14 + oC15 + oC16 + oC17 + oC18 + oC19 + oC20 + oC21 + oC22 + oC23 + oC24 + oC25 + oC26 + oC27 + oC28 + oC29 + oC30 + oC31 + oC32 + oC33 + oC34 AS total_own,
  CASE WHEN sC11 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC12 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC13 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC14 IS NOT NULL AND NOT dC14 THEN 200 ELSE 0 END + CASE WHEN sC15 IS NOT NULL AND NOT dC15 THEN 200 ELSE 0 END + CASE WHEN sC16 IS NOT NULL AND NOT dC16 THEN 100 ELSE 0 END + CASE WHEN sC17 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC18 IS NOT NULL AND NOT dC18 THEN 200 ELSE 0 END + CASE WHEN sC19 IS NOT NULL AND NOT dC19 THEN 100 ELSE 0 END + CASE WHEN sC21 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC25 IS NOT NULL AND NOT dC25 THEN 100 ELSE 0 END + CASE WHEN sC26 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC27 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC28 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC29 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC34 IS NOT NULL THEN 200 ELSE 0 END AS by_figures,
  CASE WHEN sC01 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC02 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC03 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC04 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC05 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC06 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC07 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC08 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC09 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC10 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC20 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC22 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC23 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC24 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC30 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC31 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC32 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC33 IS NOT NULL THEN 450 ELSE 0 END AS by_evidence,
  CASE WHEN sC01 IS NULL AND oC01 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC02 IS NULL AND oC02 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC03 IS NULL AND oC03 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC04 IS NULL AND oC04 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC05 IS NULL AND oC05 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC06 IS NULL AND oC06 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC07 IS NULL AND oC07 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC08 IS NULL AND oC08 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC09 IS NULL AND oC09 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC10 IS NULL AND oC10 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC11 IS NULL AND oC11 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC12 IS NULL AND oC12 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC13 IS NULL AND oC13 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC14 IS NULL AND oC14 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC15 IS NULL AND oC15 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC16 IS NULL AND oC16 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC17 IS NULL AND oC17 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC18 IS NULL AND oC18 IS NOT NULL THEN 200 ELSE 0 END + CASE WHEN sC19 IS NULL AND oC19 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC20 IS NULL AND oC20 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC21 IS NULL AND oC21 IS NOT NULL THEN 400 ELSE 0 END + CASE WHEN sC22 IS NULL AND oC22 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC23 IS NULL AND oC23 IS NOT NULL THEN 300 ELSE 0 END + CASE WHEN sC24 IS NULL AND oC24 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC25 IS NULL AND oC25 IS NOT NULL THEN 100 ELSE 0 END + CASE WHEN sC26 IS NULL AND oC26 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC27 IS NULL AND oC27 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC28 IS NULL AND oC28 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC29 IS NULL AND oC29 IS NOT NULL THEN 750 ELSE 0 END + CASE WHEN sC30 IS NULL AND oC30 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC31 IS NULL AND oC31 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC32 IS NULL AND oC32 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC33 IS NULL AND oC33 IS NOT NULL THEN 450 ELSE 0 END + CASE WHEN sC34 IS NULL AND oC34 IS NOT NULL THEN 200 ELSE 0 END AS by_word,
  CASE WHEN sC01 IS NULL AND oC01 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC02 IS NULL AND oC02 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC03 IS NULL AND oC03 IS NULL THEN 300 ELSE 0 END + CASE WHEN sC04 IS NULL AND oC04 IS NULL THEN 300 ELSE 0 END + CASE WHEN sC05 IS NULL AND oC05 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC06 IS NULL AND oC06 IS NULL THEN 400 ELSE 0 END + CASE WHEN sC07 IS NULL AND oC07 IS NULL THEN 400 ELSE 0 END + CASE WHEN sC08 IS NULL AND oC08 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC09 IS NULL AND oC09 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC10 IS NULL AND oC10 IS NULL THEN 300 ELSE 0 END + CASE WHEN sC11 IS NULL AND oC11 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC12 IS NULL AND oC12 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC13 IS NULL AND oC13 IS NULL THEN 300 ELSE 0 END + CASE WHEN sC14 IS NULL AND oC14 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC15 IS NULL AND oC15 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC16 IS NULL AND oC16 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC17 IS NULL AND oC17 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC18 IS NULL AND oC18 IS NULL THEN 200 ELSE 0 END + CASE WHEN sC19 IS NULL AND oC19 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC20 IS NULL AND oC20 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC21 IS NULL AND oC21 IS NULL THEN 400 ELSE 0 END + CASE WHEN sC22 IS NULL AND oC22 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC23 IS NULL AND oC23 IS NULL THEN 300 ELSE 0 END + CASE WHEN sC24 IS NULL AND oC24 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC25 IS NULL AND oC25 IS NULL THEN 100 ELSE 0 END + CASE WHEN sC26 IS NULL AND oC26 IS NULL THEN 750 ELSE 0 END + CASE WHEN sC27 IS NULL AND oC27 IS NULL THEN 750 ELSE 0 END + CASE WHEN sC28 IS NULL AND oC28 IS NULL THEN 750 ELSE 0 END + CASE WHEN sC29 IS NULL AND oC29 IS NULL THEN 750 ELSE 0 END + CASE WHEN sC30 IS NULL AND oC30 IS NULL THEN 450 ELSE 0 END + CASE WHEN sC31 IS NULL AND oC31 IS NULL THEN 450 ELSE 0 END + CASE WHEN sC32 IS NULL AND oC32 IS NULL THEN 450 ELSE 0 END + CASE WHEN sC33 IS NULL AND oC33 IS NULL THEN 450 ELSE 0 END + CASE WHEN sC34 IS NULL AND oC34 IS NULL THEN 200 ELSE 0 END AS by_nothing,
  coalesce(T01, false)::INTEGER + coalesce(T02, false)::INTEGER + coalesce(T04, false)::INTEGER + coalesce(T05, false)::INTEGER + coalesce(T31, false)::INTEGER + coalesce(T35, false)::INTEGER + coalesce(T36, false)::INTEGER + coalesce(T37, false)::INTEGER + coalesce(T38, false)::INTEGER + coalesce(T40, false)::INTEGER + coalesce(T41, false)::INTEGER + coalesce(T42, false)::INTEGER + coalesce(T48, false)::INTEGER + coalesce(T71, false)::INTEGER + coalesce(T72, false)::INTEGER + coalesce(T73, false)::INTEGER + coalesce(T74, false)::INTEGER + coalesce(T75, false)::INTEGER + coalesce(T77, false)::INTEGER AS errors,
  coalesce(T03, false)::INTEGER + coalesce(T06, false)::INTEGER + coalesce(T07, false)::INTEGER + coalesce(T08, false)::INTEGER + coalesce(T09, false)::INTEGER + coalesce(T10, false)::INTEGER + coalesce(T11, false)::INTEGER + coalesce(T12, false)::INTEGER + coalesce(T14, false)::INTEGER + coalesce(T15, false)::INTEGER + coalesce(T16, false)::INTEGER + coalesce(T17, false)::INTEGER + coalesce(T18, false)::INTEGER + coalesce(T19, false)::INTEGER + coalesce(T21, false)::INTEGER + coalesce(T22, false)::INTEGER + coalesce(T23, false)::INTEGER + coalesce(T24, false)::INTEGER + coalesce(T25, false)::INTEGER + coalesce(T26, false)::INTEGER + coalesce(T28, false)::INTEGER + coalesce(T29, false)::INTEGER + coalesce(T30, false)::INTEGER + coalesce(T32, false)::INTEGER + coalesce(T33, false)::INTEGER + coalesce(T34, false)::INTEGER + coalesce(T39, false)::INTEGER + coalesce(T43, false)::INTEGER + coalesce(T44, false)::INTEGER + coalesce(T45, false)::INTEGER + coalesce(T46, false)::INTEGER + coalesce(T47, false)::INTEGER + coalesce(T50, false)::INTEGER + coalesce(T51, false)::INTEGER + coalesce(T53, false)::INTEGER + coalesce(T54, false)::INTEGER + coalesce(T55, false)::INTEGER + coalesce(T56, false)::INTEGER + coalesce(T57, false)::INTEGER + coalesce(T58, false)::INTEGER + coalesce(T59, false)::INTEGER + coalesce(T60, false)::INTEGER + coalesce(T61, false)::INTEGER + coalesce(T62, false)::INTEGER + coalesce(T63, false)::INTEGER + coalesce(T64, false)::INTEGER + coalesce(T65, false)::INTEGER + coalesce(T66, false)::INTEGER + coalesce(T67, false)::INTEGER + coalesce(T68, false)::INTEGER + coalesce(T69, false)::INTEGER + coalesce(T76, false)::INTEGER + coalesce(T79, false)::INTEGER AS verify,
  coalesce(T13, false)::INTEGER + coalesce(T20, false)::INTEGER + coalesce(T27, false)::INTEGER + coalesce(T49, false)::INTEGER + coalesce(T52, false)::INTEGER + coalesce(T70, false)::INTEGER + coalesce(T78, false)::INTEGER AS notes,
  (T01 IS NULL)::INTEGER + (T02 IS NULL)::INTEGER + (T03 IS NULL)::INTEGER + (T04 IS NULL)::INTEGER + (T05 IS NULL)::INTEGER + (T06 IS NULL)::INTEGER + (T07 IS NULL)::INTEGER + (T08 IS NULL)::INTEGER + (T09 IS NULL)::INTEGER + (T10 IS NULL)::INTEGER + (T11 IS NULL)::INTEGER + (T12 IS NULL)::INTEGER + (T13 IS NULL)::INTEGER + (T14 IS NULL)::INTEGER + (T15 IS NULL)::INTEGER + (T16 IS NULL)::INTEGER + (T17 IS NULL)::INTEGER + (T18 IS NULL)::INTEGER + (T19 IS NULL)::INTEGER + (T20 IS NULL)::INTEGER + (T21 IS NULL)::INTEGER + (T22 IS NULL)::INTEGER + (T23 IS NULL)::INTEGER + (T24 IS NULL)::INTEGER + (T25 IS NULL)::INTEGER + (T26 IS NULL)::INTEGER + (T27 IS NULL)::INTEGER + (T28 IS NULL)::INTEGER + (T29 IS NULL)::INTEGER + (T30 IS NULL)::INTEGER + (T31 IS NULL)::INTEGER + (T32 IS NULL)::INTEGER + (T33 IS NULL)::INTEGER + (T34 IS NULL)::INTEGER + (T35 IS NULL)::INTEGER + (T36 IS NULL)::INTEGER + (T37 IS NULL)::INTEGER + (T38 IS NULL)::INTEGER + (T39 IS NULL)::INTEGER + (T40 IS NULL)::INTEGER + (T41 IS NULL)::INTEGER + (T42 IS NULL)::INTEGER + (T43 IS NULL)::INTEGER + (T44 IS NULL)::INTEGER + (T45 IS NULL)::INTEGER + (T46 IS NULL)::INTEGER + (T47 IS NULL)::INTEGER + (T48 IS NULL)::INTEGER + (T49 IS NULL)::INTEGER + (T50 IS NULL)::INTEGER + (T51 IS NULL)::INTEGER + (T52 IS NULL)::INTEGER + (T53 IS NULL)::INTEGER + (T54 IS NULL)::INTEGER + (T55 IS NULL)::INTEGER + (T56 IS NULL)::INTEGER + (T57 IS NULL)::INTEGER + (T58 IS NULL)::INTEGER + (T59 IS NULL)::INTEGER + (T60 IS NULL)::INTEGER + (T61 IS NULL)::INTEGER + (T62 IS NULL)::INTEGER + (T63 IS NULL)::INTEGER + (T64 IS NULL)::INTEGER + (T65 IS NULL)::INTEGER + (T66 IS NULL)::INTEGER + (T67 IS NULL)::INTEGER + (T68 IS NULL)::INTEGER + (T69 IS NULL)::INTEGER + (T70 IS NULL)::INTEGER + (T71 IS NULL)::INTEGER + (T72 IS NULL)::INTEGER + (T73 IS NULL)::INTEGER + (T74 IS NULL)::INTEGER + (T75 IS NULL)::INTEGER + (T76 IS NULL)::INTEGER + (T77 IS NULL)::INTEGER + (T78 IS NULL)::INTEGER + (T79 IS NULL)::INTEGER + (sC11 IS NULL)::INTEGER + (sC12 IS NULL)::INTEGER + (sC13 IS NULL)::INTEGER + (sC14 IS NULL)::INTEGER + (sC15 IS NULL)::INTEGER + (sC16 IS NULL)::INTEGER + (sC17 IS NULL)::INTEGER + (sC18 IS NULL)::INTEGER + (sC19 IS NULL)::INTEGER + (sC21 IS NULL)::INTEGER + (sC25 IS NULL)::INTEGER + (sC26 IS NULL)::INTEGER + (sC27 IS NULL)::INTEGER + (sC28 IS NULL)::INTEGER + (sC29 IS NULL)::INTEGER + (sC34 IS NULL)::INTEGER AS unassessable,
  (sC01 IS NULL)::INTEGER + (sC02 IS NULL)::INTEGER + (sC03 IS NULL)::INTEGER + (sC04 IS NULL)::INTEGER + (sC05 IS NULL)::INTEGER + (sC06 IS NULL)::INTEGER + (sC07 IS NULL)::INTEGER + (sC08 IS NULL)::INTEGER + (sC09 IS NULL)::INTEGER + (sC10 IS NULL)::INTEGER + (sC20 IS NULL)::INTEGER + (sC22 IS NULL)::INTEGER + (sC23 IS NULL)::INTEGER + (sC24 IS NULL)::INTEGER + (sC30 IS NULL)::INTEGER + (sC31 IS NULL)::INTEGER + (sC32 IS NULL)::INTEGER + (sC33 IS NULL)::INTEGER AS pending,
  coalesce(sC01 <> oC01, false)::INTEGER + coalesce(sC02 <> oC02, false)::INTEGER + coalesce(sC03 <> oC03, false)::INTEGER + coalesce(sC04 <> oC04, false)::INTEGER + coalesce(sC05 <> oC05, false)::INTEGER + coalesce(sC06 <> oC06, false)::INTEGER + coalesce(sC07 <> oC07, false)::INTEGER + coalesce(sC08 <> oC08, false)::INTEGER + coalesce(sC09 <> oC09, false)::INTEGER + coalesce(sC10 <> oC10, false)::INTEGER + coalesce(sC11 <> oC11, false)::INTEGER + coalesce(sC12 <> oC12, false)::INTEGER + coalesce(sC13 <> oC13, false)::INTEGER + coalesce(NOT dC14 AND sC14 <> oC14, false)::INTEGER + coalesce(NOT dC15 AND sC15 <> oC15, false)::INTEGER + coalesce(NOT dC16 AND sC16 <> oC16, false)::INTEGER + coalesce(sC17 <> oC17, false)::INTEGER + coalesce(NOT dC18 AND sC18 <> oC18, false)::INTEGER + coalesce(NOT dC19 AND sC19 <> oC19, false)::INTEGER + coalesce(sC20 <> oC20, false)::INTEGER + coalesce(sC21 <> oC21, false)::INTEGER + coalesce(sC22 <> oC22, false)::INTEGER + coalesce(sC23 <> oC23, false)::INTEGER + coalesce(sC24 <> oC24, false)::INTEGER + coalesce(NOT dC25 AND sC25 <> oC25, false)::INTEGER + coalesce(sC26 <> oC26, false)::INTEGER + coalesce(sC27 <> oC27, false)::INTEGER + coalesce(sC28 <> oC28, false)::INTEGER + coalesce(sC29 <> oC29, false)::INTEGER + coalesce(sC30 <> oC30, false)::INTEGER + coalesce(sC31 <> oC31, false)::INTEGER + coalesce(sC32 <> oC32, false)::INTEGER + coalesce(sC33 <> oC33, false)::INTEGER + coalesce(sC34 <> oC34, false)::INTEGER AS differing
FROM doubted;
CREATE TEMP TABLE judged AS SELECT 单位代码, 单位名称, total, total_low, total_high, total_own, least, most, by_contested, by_figures, by_evidence, by_word, by_nothing, errors, verify, notes, unassessable, pending, differing,
  CASE WHEN errors + verify + notes + differing > 0 THEN list_filter([
    CASE WHEN sC01 <> oC01 THEN {'规则': 'C01', '类型': '自评不符', '级别': '核实', '左边': yuan(oC01), '右边': yuan(sC01)} END,
    CASE WHEN sC02 <> oC02 THEN {'规则': 'C02', '类型': '自评不符', '级别': '核实', '左边': yuan(oC02), '右边': yuan(sC02)} END,
    CASE WHEN sC03 <> oC03 THEN {'规则': 'C03', '类型': '自评不符', '级别': '核实', '左边': yuan(oC03), '右边': yuan(sC03)} END,
    CASE WHEN sC04 <> oC04 THEN {'规则': 'C04', '类型': '自评不符', '级别': '核实', '左边': yuan(oC04), '右边': yuan(sC04)} END,
    CASE WHEN sC05 <> oC05 THEN {'规则': 'C05', '类型': '自评不符', '级别': '核实', '左边': yuan(oC05), '右边': yuan(sC05)} END,
    CASE WHEN sC06 <> oC06 THEN {'规则': 'C06', '类型': '自评不符', '级别': '核实', '左边': yuan(oC06), '右边': yuan(sC06)} END,
    CASE WHEN sC07 <> oC07 THEN {'规则': 'C07', '类型': '自评不符', '级别': '核实', '左边': yuan(oC07), '右边': yuan(sC07)} END,
    CASE WHEN sC08 <> oC08 THEN {'规则': 'C08', '类型': '自评不符', '级别': '核实', '左边': yuan(oC08), '右边': yuan(sC08)} END,
    CASE WHEN sC09 <> oC09 THEN {'规则': 'C09', '类型': '自评不符', '级别': '核实', '左边': yuan(oC09), '右边': yuan(sC09)} END,
    CASE WHEN sC10 <> oC10 THEN {'规则': 'C10', '类型': '自评不符', '级别': '核实', '左边': yuan(oC10), '右边': yuan(sC10)} END,
    CASE WHEN sC11 <> oC11 THEN {'规则': 'C11', '类型': '自评不符', '级别': '核实', '左边': yuan(oC11), '右边': yuan(sC11)} END,
    CASE WHEN sC12 <> oC12 THEN {'规则': 'C12', '类型': '自评不符', '级别': '核实', '左边': yuan(oC12), '右边': yuan(sC12)} END,
    CASE WHEN sC13 <> oC13 THEN {'规则': 'C13', '类型': '自评不符', '级别': '核实', '左边': yuan(oC13), '右边': yuan(sC13)} END,
    CASE WHEN NOT dC14 AND sC14 <> oC14 THEN {'规则': 'C14', '类型': '自评不符', '级别': '核实', '左边': yuan(oC14), '右边': yuan(sC14)} END,
    CASE WHEN NOT dC15 AND sC15 <> oC15 THEN {'规则': 'C15', '类型': '自评不符', '级别': '核实', '左边': yuan(oC15), '右边': yuan(sC15)} END,
    CASE WHEN NOT dC16 AND sC16 <> oC16 THEN {'规则': 'C16', '类型': '自评不符', '级别': '核实', '左边': yuan(oC16), '右边': yuan(sC16)} END,
    CASE WHEN sC17 <> oC17 THEN {'规则': 'C17', '类型': '自评不符', '级别': '核实', '左边': yuan(oC17), '右边': yuan(sC17)} END,
    CASE WHEN NOT dC18 AND sC18 <> oC18 THEN {'规则': 'C18', '类型': '自评不符', '级别': '核实', '左边': yuan(oC18), '右边': yuan(sC18)} END,
    CASE WHEN NOT dC19 AND sC19 <> oC19 THEN {'规则': 'C19', '类型': '自评不符', '级别': '核实', '左边': yuan(oC19), '右边': yuan(sC19)} END,
    CASE WHEN sC20 <> oC20 THEN {'规则': 'C20', '类型': '自评不符', '级别': '核实', '左边': yuan(oC20), '右边': yuan(sC20)} END,
    CASE WHEN sC21 <> oC21 THEN {'规则': 'C21', '类型': '自评不符', '级别': '核实', '左边': yuan(oC21), '右边': yuan(sC21)} END,
    CASE WHEN sC22 <> oC22 THEN {'规则': 'C22', '类型': '自评不符', '级别': '核实', '左边': yuan(oC22), '右边': yuan(sC22)} END,
    CASE WHEN sC23 <> oC23 THEN {'规则': 'C23', '类型': '自评不符', '级别': '核实', '左边': yuan(oC23), '右边': yuan(sC23)} END,
    CASE WHEN sC24 <> oC24 THEN {'规则': 'C24', '类型': '自评不符', '级别': '核实', '左边': yuan(oC24), '右边': yuan(sC24)} END,
    CASE WHEN NOT dC25 AND sC25 <> oC25 THEN {'规则': 'C25', '类型': '自评不符', '级别': '核实', '左边': yuan(oC25), '右边': yuan(sC25)} END,
    CASE WHEN sC26 <> oC26 THEN {'规则': 'C26', '类型': '自评不符', '级别': '核实', '左边': yuan(oC26), '右边': yuan(sC26)} END,
    CASE WHEN sC27 <> oC27 THEN {'规则': 'C27', '类型': '自评不符', '级别': '核实', '左边': yuan(oC27), '右边': yuan(sC27)} END,
    CASE WHEN sC28 <> oC28 THEN {'规则': 'C28', '类型': '自评不符', '级别': '核实', '左边': yuan(oC28), '右边': yuan(sC28)} END,
    CASE WHEN sC29 <> oC29 THEN {'规则': 'C29', '类型': '自评不符', '级别': '核实', '左边': yuan(oC29), '右边': yuan(sC29)} END,
    CASE WHEN sC30 <> oC30 THEN {'规则': 'C30', '类型': '自评不符', '级别': '核实', '左边': yuan(oC30), '右边': yuan(sC30)} END,
    CASE WHEN sC31 <> oC31 THEN {'规则': 'C31', '类型': '自评不符', '级别': '核实', '左边': yuan(oC31), '右边': yuan(sC31)} END,
    CASE WHEN sC32 <> oC32 THEN {'规则': 'C32', '类型': '自评不符', '级别': '核实', '左边': yuan(oC32), '右边': yuan(sC32)} END,
    CASE WHEN sC33 <> oC33 THEN {'规则': 'C33', '类型': '自评不符', '级别': '核实', '左边': yuan(oC33), '右边': yuan(sC33)} END,
    CASE WHEN sC34 <> oC34 THEN {'规则': 'C34', '类型': '自评不符', '级别': '核实', '左边': yuan(oC34), '右边': yuan(sC34)} END,
    CASE WHEN T01 THEN {'规则': 'T01', '类型': '不平', '级别': '错误', '左边': yuan(支出决算数), '右边': yuan(基本支出 + 项目支出)} END,
    CASE WHEN T02 THEN {'规则': 'T02', '类型': '不平', '级别': '错误', '左边': yuan(基本支出), '右边': yuan(人员经费 + 日常公用经费)} END,
    CASE WHEN T03 THEN {'规则': 'T03', '类型': '不平', '级别': '核实', '左边': yuan(收入决算数), '右边': yuan(支出决算数)} END,
    CASE WHEN T04 THEN {'规则': 'T04', '类型': '不平', '级别': '错误', '左边': yuan(支出决算数增减额), '右边': yuan(基本支出增减额 + 项目支出增减额)} END,
    CASE WHEN T05 THEN {'规则': 'T05', '类型': '不平', '级别': '错误', '左边': yuan(基本支出增减额), '右边': yuan(人员经费增减额 + 日常公用经费增减额)} END,
    CASE WHEN T06 THEN {'规则': 'T06', '类型': '不平', '级别': '核实', '左边': share(收入决算数增减幅), '右边': ratio(收入决算数增减额, 收入决算数 - 收入决算数增减额)} END,
    CASE WHEN T07 THEN {'规则': 'T07', '类型': '不平', '级别': '核实', '左边': share(支出决算数增减幅), '右边': ratio(支出决算数增减额, 支出决算数 - 支出决算数增减额)} END,
    CASE WHEN T08 THEN {'规则': 'T08', '类型': '不平', '级别': '核实', '左边': share(基本支出增减幅), '右边': ratio(基本支出增减额, 基本支出 - 基本支出增减额)} END,
    CASE WHEN T09 THEN {'规则': 'T09', '类型': '不平', '级别': '核实', '左边': share(人员经费增减幅), '右边': ratio(人员经费增减额, 人员经费 - 人员经费增减额)} END,
    CASE WHEN T10 THEN {'规则': 'T10', '类型': '不平', '级别': '核实', '左边': share(日常公用经费增减幅), '右边': ratio(日常公用经费增减额, 日常公用经费 - 日常公用经费增减额)} END,
    CASE WHEN T11 THEN {'规则': 'T11', '类型': '不平', '级别': '核实', '左边': share(项目支出增减幅), '右边': ratio(项目支出增减额, 项目支出 - 项目支出增减额)} END,
    CASE WHEN T12 THEN {'规则': 'T12', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T13 THEN {'规则': 'T13', '类型': '不平', '级别': '提示', '左边': yuan(收入决算数 - 收入决算数增减额), '右边': yuan(支出决算数 - 支出决算数增减额)} END,
    CASE WHEN T14 THEN {'规则': 'T14', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T15 THEN {'规则': 'T15', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T16 THEN {'规则': 'T16', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T17 THEN {'规则': 'T17', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T18 THEN {'规则': 'T18', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T19 THEN {'规则': 'T19', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T20 THEN {'规则': 'T20', '类型': '不平', '级别': '提示', '左边': whole(1), '右边': whole(0)} END,
    CASE WHEN T21 THEN {'规则': 'T21', '类型': '不平', '级别': '核实', '左边': yuan(收入决算数增减额), '右边': yuan(收入决算数 - 上年收入决算数)} END,
    CASE WHEN T22 THEN {'规则': 'T22', '类型': '不平', '级别': '核实', '左边': yuan(支出决算数增减额), '右边': yuan(支出决算数 - 上年支出决算数)} END,
    CASE WHEN T23 THEN {'规则': 'T23', '类型': '不平', '级别': '核实', '左边': yuan(收入减少说明额), '右边': yuan(-人员经费增减额)} END,
    CASE WHEN T24 THEN {'规则': 'T24', '类型': '不平', '级别': '核实', '左边': yuan(基本支出减少说明额), '右边': yuan(-人员经费增减额)} END,
    CASE WHEN T25 THEN {'规则': 'T25', '类型': '不平', '级别': '核实', '左边': yuan(收入减少说明额), '右边': yuan(基本支出减少说明额)} END,
    CASE WHEN T26 THEN {'规则': 'T26', '类型': '不平', '级别': '核实', '左边': yuan(项目支出增加说明额), '右边': yuan(项目支出增减额)} END,
    CASE WHEN T27 THEN {'规则': 'T27', '类型': '不平', '级别': '提示', '左边': ratio(abs(人员经费增减额), 100 * 比上年减少人数), '右边': ratio(2 * 人员经费, 100 * 编制数)} END,
    CASE WHEN T28 THEN {'规则': 'T28', '类型': '不平', '级别': '核实', '左边': share(收入预算完成率), '右边': ratio(收入决算数, 执行调整后预算数)} END,
    CASE WHEN T29 THEN {'规则': 'T29', '类型': '不平', '级别': '核实', '左边': share(支出预算完成率), '右边': ratio(支出决算数, 执行调整后预算数)} END,
    CASE WHEN T30 THEN {'规则': 'T30', '类型': '不平', '级别': '核实', '左边': yuan(执行支出决算数), '右边': yuan(支出决算数)} END,
    CASE WHEN T31 THEN {'规则': 'T31', '类型': '不平', '级别': '错误', '左边': yuan(执行调整后预算数), '右边': yuan(执行年初预算数 + 执行预算调整数)} END,
    CASE WHEN T32 THEN {'规则': 'T32', '类型': '不平', '级别': '核实', '左边': yuan(执行公用经费决算数), '右边': yuan(日常公用经费)} END,
    CASE WHEN T33 THEN {'规则': 'T33', '类型': '不平', '级别': '核实', '左边': yuan(项目支出), '右边': yuan(spent)} END,
    CASE WHEN T34 THEN {'规则': 'T34', '类型': '不平', '级别': '核实', '左边': yuan(三公决算数), '右边': yuan(三公预算数)} END,
    CASE WHEN T35 THEN {'规则': 'T35', '类型': '不平', '级别': '错误', '左边': yuan(三公决算数), '右边': yuan(三公因公出国境费决算数 + 三公公务用车购置费决算数 + 三公公务用车运行维护费决算数 + 三公公务接待费决算数)} END,
    CASE WHEN T36 THEN {'规则': 'T36', '类型': '不平', '级别': '错误', '左边': yuan(采购货物), '右边': yuan(采购一般公共预算 + 采购政府性基金预算)} END,
    CASE WHEN T37 THEN {'规则': 'T37', '类型': '不平', '级别': '错误', '左边': yuan(采购中小企业合同金额), '右边': yuan(采购一般公共预算 + 采购政府性基金预算)} END,
    CASE WHEN T38 THEN {'规则': 'T38', '类型': '不平', '级别': '错误', '左边': yuan(采购实际采购金额), '右边': yuan(采购货物 + 采购工程 + 采购服务)} END,
    CASE WHEN T39 THEN {'规则': 'T39', '类型': '不平', '级别': '核实', '左边': yuan(采购实际采购金额), '右边': yuan(采购采购预算数)} END,
    CASE WHEN T40 THEN {'规则': 'T40', '类型': '不平', '级别': '错误', '左边': yuan(资产净值合计), '右边': yuan(资产房屋和构筑物 + 资产设备 + 资产文物和陈列品 + 资产图书和档案 + 资产家具和用具 + 资产特种动植物)} END,
    CASE WHEN T41 THEN {'规则': 'T41', '类型': '不平', '级别': '错误', '左边': yuan(资产设备), '右边': yuan(资产其中车辆 + 资产其中大型设备)} END,
    CASE WHEN T42 THEN {'规则': 'T42', '类型': '不平', '级别': '错误', '左边': yuan(资产房屋和构筑物), '右边': yuan(资产其中房屋)} END,
    CASE WHEN T43 THEN {'规则': 'T43', '类型': '不平', '级别': '核实', '左边': share(资产设备占比), '右边': ratio(资产设备, 资产净值合计)} END,
    CASE WHEN T44 THEN {'规则': 'T44', '类型': '不平', '级别': '核实', '左边': share(资产其中车辆占比), '右边': ratio(资产其中车辆, 资产净值合计)} END,
    CASE WHEN T45 THEN {'规则': 'T45', '类型': '不平', '级别': '核实', '左边': share(资产家具和用具占比), '右边': ratio(资产家具和用具, 资产净值合计)} END,
    CASE WHEN T46 THEN {'规则': 'T46', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T47 THEN {'规则': 'T47', '类型': '不平', '级别': '核实', '左边': share(资产房屋和构筑物占比 + 资产设备占比 + 资产文物和陈列品占比 + 资产图书和档案占比 + 资产家具和用具占比 + 资产特种动植物占比), '右边': whole(1)} END,
    CASE WHEN T48 THEN {'规则': 'T48', '类型': '不平', '级别': '错误', '左边': yuan(资产在用固定资产), '右边': yuan(资产固定资产总额)} END,
    CASE WHEN T49 THEN {'规则': 'T49', '类型': '不平', '级别': '提示', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T50 THEN {'规则': 'T50', '类型': '不平', '级别': '核实', '左边': whole(领导职数), '右边': whole(主任职数 + 副主任职数)} END,
    CASE WHEN T51 THEN {'规则': 'T51', '类型': '不平', '级别': '核实', '左边': whole(内设机构数), '右边': whole(departments)} END,
    CASE WHEN T52 THEN {'规则': 'T52', '类型': '不平', '级别': '提示', '左边': whole(内设机构领导职数), '右边': whole(内设机构数)} END,
    CASE WHEN T53 THEN {'规则': 'T53', '类型': '不平', '级别': '核实', '左边': whole(比上年减少人数), '右边': whole(比上年减少人数复述)} END,
    CASE WHEN T54 THEN {'规则': 'T54', '类型': '不平', '级别': '核实', '左边': whole(在职人数), '右边': whole(编制数)} END,
    CASE WHEN T55 THEN {'规则': 'T55', '类型': '不平', '级别': '核实', '左边': share(治理完成率), '右边': ratio(治理面积, 违建任务面积)} END,
    CASE WHEN T56 THEN {'规则': 'T56', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T57 THEN {'规则': 'T57', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T58 THEN {'规则': 'T58', '类型': '不平', '级别': '核实', '左边': whole(无违建示范点数), '右边': whole(无违建示范小区数 + 无违建示范村数)} END,
    CASE WHEN T59 THEN {'规则': 'T59', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T60 THEN {'规则': 'T60', '类型': '不平', '级别': '核实', '左边': whole(街道数), '右边': whole(lanes)} END,
    CASE WHEN T61 THEN {'规则': 'T61', '类型': '不平', '级别': '核实', '左边': whole(街道数), '右边': whole(街道数复述)} END,
    CASE WHEN T62 THEN {'规则': 'T62', '类型': '不平', '级别': '核实', '左边': whole(数字城管受理数), '右边': whole(数字城管上报数 + 数字城管公众举报数 + 数字城管媒体曝光数)} END,
    CASE WHEN T63 THEN {'规则': 'T63', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T64 THEN {'规则': 'T64', '类型': '不平', '级别': '核实', '左边': share(数字城管结案率), '右边': ratio(数字城管结案数, 数字城管受理数)} END,
    CASE WHEN T65 THEN {'规则': 'T65', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T66 THEN {'规则': 'T66', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T67 THEN {'规则': 'T67', '类型': '不平', '级别': '核实', '左边': whole(乱排乱倒累计起数), '右边': whole(乱排乱倒上半年起数)} END,
    CASE WHEN T68 THEN {'规则': 'T68', '类型': '不平', '级别': '核实', '左边': whole(占位符个数), '右边': whole(0)} END,
    CASE WHEN T69 THEN {'规则': 'T69', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T70 THEN {'规则': 'T70', '类型': '不平', '级别': '提示', '左边': whole(他单位称谓次数), '右边': whole(0)} END,
    CASE WHEN T71 THEN {'规则': 'T71', '类型': '不平', '级别': '错误', '左边': yuan(汇总合计得分), '右边': yuan(CASE WHEN own_count = own_rows THEN own_sum END)} END,
    CASE WHEN T72 THEN {'规则': 'T72', '类型': '不平', '级别': '错误', '左边': yuan(汇总满分), '右边': yuan(10000)} END,
    CASE WHEN T73 THEN {'规则': 'T73', '类型': '不平', '级别': '错误', '左边': whole(own_count), '右边': whole(34)} END,
    CASE WHEN T74 THEN {'规则': 'T74', '类型': '不平', '级别': '错误', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T75 THEN {'规则': 'T75', '类型': '不平', '级别': '错误', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END,
    CASE WHEN T76 THEN {'规则': 'T76', '类型': '不平', '级别': '核实', '左边': yuan(duty_listed), '右边': yuan(汇总部门职能职责分值)} END,
    CASE WHEN T77 THEN {'规则': 'T77', '类型': '不平', '级别': '错误', '左边': yuan(budget_printed), '右边': yuan(汇总预算执行分值)} END,
    CASE WHEN T78 THEN {'规则': 'T78', '类型': '不平', '级别': '提示', '左边': whole(own_differ), '右边': whole(0)} END,
    CASE WHEN T79 THEN {'规则': 'T79', '类型': '不平', '级别': '核实', '左边': NULL::DECIMAL(38,6), '右边': NULL::DECIMAL(38,6)} END
  ], lambda f : f IS NOT NULL) END AS found FROM totalled;
COPY (SELECT 单位代码, 单位名称, points(total) AS 得分, points(total_low) AS 得分下限, points(total_high) AS 得分上限, points(total_own) AS 自评合计,
  CASE WHEN grade(least) = grade(most) THEN grade(least) ELSE '待定' END AS 等级, grade(total_low) AS 等级下限, grade(total_high) AS 等级上限,
  CASE WHEN total_own IS NOT NULL THEN grade(total_own) END AS 自评等级, points(by_figures) AS 数据复核, points(by_evidence) AS 佐证评审, points(by_contested) AS 有疑,
  points(by_word) AS 仅凭自评, points(by_nothing) AS 未定, errors::USMALLINT AS 不平错误, verify::USMALLINT AS 不平核实, notes::USMALLINT AS 不平提示, unassessable::USMALLINT AS 无法判断,
  pending::USMALLINT AS 待评定, differing::USMALLINT AS 自评不符 FROM judged ORDER BY 单位代码) TO '{out}/scorecards.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY (SELECT 单位代码, f.* FROM (SELECT 单位代码, unnest(found) AS f FROM judged WHERE found IS NOT NULL ORDER BY 单位代码)) TO '{out}/findings.parquet' (FORMAT parquet, COMPRESSION zstd);
