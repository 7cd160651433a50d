-- The `limit` open incidents that somebody may want to merge into incident `id`: of its rule first, then those nearest.
WITH others AS MATERIALIZED (
    SELECT o.*, o.rule = i.rule AS alike, metres(o.lon, o.lat, i.lon, i.lat) AS metres
    FROM incident i JOIN incident o ON o.incident_id <> i.incident_id AND o.ended_at IS NULL
    WHERE i.incident_id = %(id)s
    ORDER BY alike DESC, metres NULLS LAST, o.opened_at DESC, o.incident_id
    LIMIT %(limit)s
)
SELECT o.incident_id, o.rule, o.severity, o.state, o.alerts, o.metres, o.opened_at AT TIME ZONE n.tz AS opened, w.*
FROM others o
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(o.incident_id) w
ORDER BY o.alike DESC, o.metres NULLS LAST, o.opened_at DESC, o.incident_id;
