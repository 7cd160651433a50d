-- Incidents at or below `unit` that were opened in the month, by severity: how many, how many were hazards that a visit
-- found, and how they stand now.
SELECT v.severity AS code, count(i.incident_id) AS n, count(*) FILTER (WHERE i.rule = 'hazard_found') AS hazards,
       count(*) FILTER (WHERE i.state = 'resolved') AS resolved,
       count(*) FILTER (WHERE i.state = 'false_alarm') AS false_alarms,
       count(*) FILTER (WHERE i.state = 'passed') AS passed,
       count(i.incident_id) FILTER (WHERE i.ended_at IS NULL) AS still_open,
       count(*) FILTER (WHERE i.escalated_at IS NOT NULL) AS escalated
FROM district_info d
CROSS JOIN unnest(enum_range(NULL::public.severity)) AS v (severity)
LEFT JOIN incident i ON i.severity = v.severity AND i.state <> 'merged' AND is_below(i.path, %(unit)s)
                    AND i.opened_at >= %(month)s::date::timestamp AT TIME ZONE d.tz
                    AND i.opened_at < (%(month)s::date + interval '1 month') AT TIME ZONE d.tz
GROUP BY v.severity
ORDER BY v.severity DESC;
