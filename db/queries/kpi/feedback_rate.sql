-- Results on which the department concerned has fed back in time, of those on which it should have: fed back, or due.
-- title_zh: 部门按期反馈率
-- title_en: On-time feedback rate
-- unit: percent
-- numerator_zh: 按期反馈
-- numerator_en: fed back on time
-- denominator_zh: 应反馈
-- denominator_en: to feed back
-- formula: Dongguan
-- version: v1
-- order: 9
SELECT o.task_id AS id, o.path,
       (SELECT t.category FROM task t WHERE t.task_id = o.task_id) AS category,  -- looked up only where it is asked for
       CASE WHEN coalesce(o.replied_at <= o.due_at, true) THEN o.replied_at END AS numerator_from,
       NULL::timestamptz AS numerator_until,
       greatest(o.pushed_at, least(o.replied_at, date_trunc('day', o.due_at, i.tz))) AS denominator_from,
       NULL::timestamptz AS denominator_until
FROM obligation o CROSS JOIN district_info i;
