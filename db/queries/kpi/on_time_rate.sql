-- Tasks disposed by their deadline, of those that should be disposed.
-- title_zh: 按期处置率
-- title_en: On-time rate
-- unit: percent
-- numerator_zh: 按期处置
-- numerator_en: on time
-- denominator_zh: 应处置
-- denominator_en: to dispose
-- formula: GB/T 30428
-- version: v2
-- kept: task
-- order: 2
-- strip: 2
SELECT task_id AS id, path, category,
       CASE WHEN done_at <= disposal_due_at THEN done_at END AS numerator_from, NULL::timestamptz AS numerator_until,
       owed_from AS denominator_from, owed_until AS denominator_until
FROM task_owed;
