-- Tasks closed (disposed, and fed back by the department if one is concerned), of those that should be closed:
-- disposed, or due and not.
-- title_zh: 结案率
-- title_en: Closure rate
-- unit: percent
-- numerator_zh: 已结案
-- numerator_en: closed
-- denominator_zh: 应结案
-- denominator_en: to close
-- formula: GB/T 30428
-- version: v2
-- kept: task
-- order: 1
-- strip: 1
SELECT task_id AS id, path, category,
       closed_at AS numerator_from, NULL::timestamptz AS numerator_until,
       owed_from AS denominator_from, owed_until AS denominator_until
FROM task_owed;
