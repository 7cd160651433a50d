-- How premises `id` came to their risk grade: the latest change first, by whom and why, in `limit` rows at most.
SELECT e.at AT TIME ZONE i.tz AS at, e.actor, e.changes -> 'risk_grade' ->> 0 AS before,
       e.changes -> 'risk_grade' ->> 1 AS risk_grade, e.said ->> 'reason' AS reason
FROM premises_event e
CROSS JOIN district_info i
WHERE e.premises_id = %(id)s AND e.changes -> 'risk_grade' IS NOT NULL
ORDER BY e.at DESC, e.event, e.cause
LIMIT %(limit)s;
