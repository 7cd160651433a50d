-- Incidents that were real, of all that somebody has judged: what is left are false alarms. By rule: which threshold
-- is too low.
-- title_zh: 预警准确率
-- title_en: Alert precision
-- unit: percent
-- numerator_zh: 属实
-- numerator_en: real
-- denominator_zh: 已研判
-- denominator_en: judged
-- formula: ours
-- version: v1
-- of: incident
-- order: 16
SELECT incident_id AS id, path, rule AS category,
       CASE WHEN state = 'resolved' THEN ended_at END AS numerator_from, NULL::timestamptz AS numerator_until,
       CASE WHEN state IN ('resolved', 'false_alarm') THEN ended_at END AS denominator_from,
       NULL::timestamptz AS denominator_until
FROM incident;
