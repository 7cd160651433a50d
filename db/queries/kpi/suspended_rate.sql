-- Tasks suspended, and so taken out of what should be disposed, of these and those that should be disposed.
-- title_zh: 挂账率
-- title_en: Suspension rate
-- unit: percent
-- numerator_zh: 挂账
-- numerator_en: suspended
-- denominator_zh: 应处置及挂账
-- denominator_en: to dispose or suspended
-- formula: GB/T 30428
-- version: v1
-- kept: task
-- order: 10
SELECT task_id AS id, path, category,
       suspended_at AS numerator_from, NULL::timestamptz AS numerator_until,
       least(owed_from, suspended_at) AS denominator_from, cancelled_at AS denominator_until
FROM task_owed;
