-- The newest `limit` open incidents, those that nobody has taken up first; whole: how many are open.
WITH newest AS MATERIALIZED (
    SELECT i.*, count(*) OVER () AS whole
    FROM incident i
    WHERE i.ended_at IS NULL
    ORDER BY i.state = 'raised' DESC, i.severity DESC, i.opened_at DESC, i.incident_id
    LIMIT %(limit)s
)
SELECT i.incident_id, i.rule, i.severity, i.state, i.alerts, i.acknowledged_by, i.whole,
       extract(epoch FROM now() - i.opened_at)::float AS age_s, i.opened_at AT TIME ZONE n.tz AS local_time,
       w.*, g.name AS grid_name, g.name_en AS grid_name_en
FROM newest i
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(i.incident_id) w
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = i.grid_id LIMIT 1) g ON true
ORDER BY i.state = 'raised' DESC, i.severity DESC, i.opened_at DESC, i.incident_id;
