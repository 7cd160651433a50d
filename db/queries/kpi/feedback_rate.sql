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
-- kept: task
-- order: 9
SELECT task_id AS id, path, category,
       CASE WHEN coalesce(replied_at <= due_at, true) THEN replied_at END AS numerator_from,
       NULL::timestamptz AS numerator_until,
       owed_from AS denominator_from, NULL::timestamptz AS denominator_until
FROM obligation;
