-- From when the centre could know of an incident until somebody took it up.
-- title_zh: 接警用时
-- title_en: Time to acknowledge
-- waiting_zh: 待接警
-- waiting_en: not yet acknowledged
-- unit: seconds
-- formula: ours
-- version: v1
-- order: 1
SELECT incident_id AS id, path, severity, level, opened_at AS began, acknowledged_at - opened_at AS took
FROM incident
WHERE state <> 'merged' AND (acknowledged_at IS NOT NULL OR ended_at IS NULL);
