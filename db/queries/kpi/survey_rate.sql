-- Tasks of the base survey (摸底) whose premises were visited, of all that were pushed to workers.
-- title_zh: 摸底核实率
-- title_en: Survey verification rate
-- unit: percent
-- numerator_zh: 已核实
-- numerator_en: verified
-- denominator_zh: 已推送
-- denominator_en: pushed
-- formula: Jimei
-- version: v1
-- kept: task
-- order: 15
SELECT task_id AS id, path, category,
       inspected_at AS numerator_from, NULL::timestamptz AS numerator_until,
       launched_at AS denominator_from, cancelled_at AS denominator_until
FROM task
WHERE source = 'survey';
