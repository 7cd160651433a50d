-- From when the centre could know of an incident until somebody was first sent to it.
-- title_zh: 派遣用时
-- title_en: Time to dispatch
-- waiting_zh: 待派遣
-- waiting_en: not yet dispatched
-- unit: seconds
-- formula: ours
-- version: v1
-- order: 2
SELECT incident_id AS id, path, severity, level, opened_at AS began, dispatched_at - opened_at AS took
FROM incident
WHERE state <> 'merged' AND (dispatched_at IS NOT NULL OR ended_at IS NULL);
