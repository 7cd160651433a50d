-- From when the centre could know of an incident until somebody ended it. What passed by itself nobody ended.
-- title_zh: 处置用时
-- title_en: Time to resolve
-- waiting_zh: 待办结
-- waiting_en: not yet resolved
-- unit: seconds
-- formula: ours
-- version: v1
-- order: 4
SELECT incident_id AS id, path, severity, level, opened_at AS began, ended_at - opened_at AS took
FROM incident
WHERE state NOT IN ('merged', 'passed');
