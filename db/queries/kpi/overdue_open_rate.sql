-- Tasks past their deadline and not disposed, of those that should be disposed.
-- title_zh: 超期未处置率
-- title_en: Overdue-open rate
-- unit: percent
-- numerator_zh: 超期未处置
-- numerator_en: overdue and open
-- denominator_zh: 应处置
-- denominator_en: to dispose
-- formula: GB/T 30428
-- version: v1
-- kept: task
-- order: 4
SELECT task_id AS id, path, category,
       disposal_due_at AS numerator_from, done_at AS numerator_until,
       owed_from AS denominator_from, owed_until AS denominator_until
FROM task_owed;
