-- Tasks closed, of all that were pushed to workers, due or not.
-- title_zh: 办结率
-- title_en: Completion rate
-- unit: percent
-- numerator_zh: 已办结
-- numerator_en: closed
-- denominator_zh: 已推送
-- denominator_en: pushed
-- formula: Dongguan
-- version: v1
-- kept: task
-- order: 5
SELECT task_id AS id, path, category,
       closed_at AS numerator_from, NULL::timestamptz AS numerator_until,
       launched_at AS denominator_from, cancelled_at AS denominator_until
FROM task_owed;
