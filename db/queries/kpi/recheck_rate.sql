-- Tasks found abnormal and checked again in time, of those that should have been: checked again, or due for it.
-- title_zh: 按期核查率
-- title_en: On-time check rate
-- unit: percent
-- numerator_zh: 按期核查
-- numerator_en: checked on time
-- denominator_zh: 应核查
-- denominator_en: to check
-- formula: GB/T 30428
-- version: v1
-- kept: task
-- order: 8
SELECT t.task_id AS id, t.path, t.category,
       CASE WHEN t.done_at <= t.recheck_due_at THEN t.done_at END AS numerator_from,
       NULL::timestamptz AS numerator_until,
       greatest(t.inspected_at, least(t.done_at, date_trunc('day', t.recheck_due_at, i.tz))) AS denominator_from,
       t.owed_until AS denominator_until
FROM task_owed t CROSS JOIN district_info i
WHERE t.recheck_due_at IS NOT NULL;
