-- The newest incident for which the screen flashes and sounds, said by its first alert, with the number of all of them:
-- what is major and that nobody has taken up.
WITH loud AS MATERIALIZED (
    SELECT i.*, count(*) OVER () AS whole
    FROM incident i
    WHERE i.severity = 'major' AND i.state = 'raised'
    ORDER BY i.opened_at DESC, i.incident_id
    LIMIT 1
)
SELECT i.incident_id, i.rule, i.whole, i.lon, i.lat, w.*
FROM loud i
CROSS JOIN LATERAL incident_words(i.incident_id) w;
