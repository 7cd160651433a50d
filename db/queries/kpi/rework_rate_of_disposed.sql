-- Tasks sent back at least once (a re-check was abnormal again), of those disposed.
-- title_zh: 返工率
-- title_en: Rework rate
-- unit: percent
-- numerator_zh: 返工
-- numerator_en: sent back
-- denominator_zh: 已处置
-- denominator_en: disposed
-- formula: disposed
-- version: v1
-- kept: task
-- order: 7
-- indicator: rework_rate
SELECT task_id AS id, path, category,
       CASE WHEN rework > 0 THEN done_at END AS numerator_from, NULL::timestamptz AS numerator_until,
       done_at AS denominator_from, NULL::timestamptz AS denominator_until
FROM task_owed;
