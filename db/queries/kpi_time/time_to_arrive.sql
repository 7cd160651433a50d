-- From when the centre could know of an incident until somebody was on the spot.
-- title_zh: 到场用时
-- title_en: Time to arrive
-- waiting_zh: 待到场
-- waiting_en: not yet there
-- unit: seconds
-- formula: ours
-- version: v1
-- order: 3
SELECT incident_id AS id, path, severity, level, opened_at AS began, on_the_spot_at - opened_at AS took
FROM incident
WHERE state <> 'merged' AND (on_the_spot_at IS NOT NULL OR ended_at IS NULL);
