-- The newest `limit` incidents that were known to be open at an instant, those that nobody had taken up by then first;
-- whole: how many were open; alerts: how many had been gathered.
WITH newest AS MATERIALIZED (
    SELECT i.*, count(*) OVER () AS whole
    FROM incidents_then(%(at)s) i
    ORDER BY i.state = 'raised' DESC, i.severity DESC, i.opened_at DESC, i.incident_id
    LIMIT %(limit)s
)
SELECT i.incident_id, i.rule, i.severity, i.state, i.acknowledged_by, i.whole,
       greatest(1, (SELECT count(*) FROM alert a
                    WHERE a.incident_id = i.incident_id AND a.created_at <= %(at)s::timestamptz)) AS alerts,
       extract(epoch FROM %(at)s::timestamptz - i.opened_at)::float AS age_s, i.opened_at AT TIME ZONE n.tz AS local_time,
       w.*, g.name AS grid_name, g.name_en AS grid_name_en
FROM newest i
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(i.incident_id) w
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = i.grid_id LIMIT 1) g ON true
ORDER BY i.state = 'raised' DESC, i.severity DESC, i.opened_at DESC, i.incident_id;
