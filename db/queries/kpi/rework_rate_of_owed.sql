-- Tasks sent back at least once (a re-check was abnormal again), of those that should be closed.
-- title_zh: 返工率
-- title_en: Rework rate
-- unit: percent
-- numerator_zh: 返工
-- numerator_en: sent back
-- denominator_zh: 应结案
-- denominator_en: to close
-- formula: Jinniu
-- version: v1
-- kept: task
-- order: 6
-- indicator: rework_rate
SELECT task_id AS id, path, category,
       CASE WHEN rework > 0 THEN launched_at END AS numerator_from, NULL::timestamptz AS numerator_until,
       owed_from AS denominator_from, owed_until AS denominator_until
FROM task_owed;
