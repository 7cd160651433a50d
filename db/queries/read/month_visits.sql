-- Visits of the month by the workers at or below `unit`: how many, how many were doubted, what was decided about these,
-- and how many of these their workers answered for.
SELECT count(e.id) AS visits, count(*) FILTER (WHERE e.truth IS NOT NULL) AS weighed,
       count(*) FILTER (WHERE c.state IS NOT NULL) AS doubted,
       count(*) FILTER (WHERE c.state = 'resolved') AS upheld,
       count(*) FILTER (WHERE c.state = 'false_alarm') AS dismissed,
       count(*) FILTER (WHERE c.state NOT IN ('resolved', 'false_alarm')) AS undecided,
       count(*) FILTER (WHERE c.state IS NOT NULL AND EXISTS (
           SELECT FROM visit_appeal a WHERE a.worker_id = e.worker_id AND a.visit_id = e.id)) AS answered
FROM district_info d
LEFT JOIN (visit_evidence e JOIN worker w USING (worker_id))
       ON is_below(w.path, %(unit)s)
      AND e.ended >= %(month)s::date::timestamp AT TIME ZONE d.tz
      AND e.ended < (%(month)s::date + interval '1 month') AT TIME ZONE d.tz
LEFT JOIN LATERAL (
    SELECT coalesce(m.state, i.state) AS state
    FROM alert a JOIN incident i USING (incident_id)
    LEFT JOIN incident m ON m.incident_id = i.merged_into
    WHERE a.rule = 'visit_doubtful' AND a.subject = 'visit:' || e.worker_id || ':' || e.id
    ORDER BY a.raised_at DESC LIMIT 1
) c ON true
GROUP BY d.tz;
