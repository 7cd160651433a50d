-- Tasks disposed, of those that should be disposed.
-- title_zh: 处置率
-- title_en: Disposal rate
-- unit: percent
-- numerator_zh: 已处置
-- numerator_en: disposed
-- denominator_zh: 应处置
-- denominator_en: to dispose
-- formula: GB/T 30428
-- version: v1
-- kept: task
-- order: 3
SELECT task_id AS id, path, category,
       done_at AS numerator_from, NULL::timestamptz AS numerator_until,
       owed_from AS denominator_from, owed_until AS denominator_until
FROM task_owed;
