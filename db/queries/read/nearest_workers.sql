-- The `limit` workers and officers on duty that are nearest to a place (`lon`, `lat`), by where they were within the last
-- ten minutes: how far, whereto they move (`bearing` is that of the place), what they are doing, and which other incident
-- than `id` (null: any) they have been sent to.
WITH near AS MATERIALIZED (
    SELECT s.*, metres(s.lon, s.lat, %(lon)s::float, %(lat)s::float) AS metres
    FROM worker_state s
    WHERE s.on_duty AND s.at > now() - interval '10 minutes' AND s.lon IS NOT NULL AND s.mock IS NOT TRUE
      AND s.worker_id IN (SELECT worker_id FROM worker WHERE closed_at IS NULL)
    ORDER BY metres, s.worker_id
    LIMIT %(limit)s
),
away AS MATERIALIZED (  -- few: those to which somebody has been sent
    SELECT i.incident_id, one ->> 'id' AS worker_id
    FROM incident i, jsonb_array_elements(i.sent) AS one
    WHERE i.state IN ('dispatched', 'on_the_way', 'on_the_spot') AND i.incident_id IS DISTINCT FROM %(id)s::text
      AND one ->> 'kind' = 'worker' AND coalesce(one ->> 'stage', '') NOT IN ('refused', 'failed', 'done')
)
SELECT n.worker_id, w.name, w.name_en, w.role, n.lon, n.lat, n.metres, n.speed_kmh, n.heading_deg, n.battery,
       degrees(atan2(sind(%(lon)s::float - n.lon) * cosd(%(lat)s::float),
                     cosd(n.lat) * sind(%(lat)s::float)
                     - sind(n.lat) * cosd(%(lat)s::float) * cosd(%(lon)s::float - n.lon))) AS bearing,
       extract(epoch FROM now() - n.at)::float AS age_s,
       (SELECT min(incident_id) FROM away a WHERE a.worker_id = n.worker_id) AS busy,
       t.state AS task_state, t.premises_name
FROM near n
CROSS JOIN LATERAL (SELECT name, name_en, role FROM worker WHERE worker_id = n.worker_id LIMIT 1) w
LEFT JOIN LATERAL (  -- what they are at, or have accepted to do next
    SELECT o.state, (SELECT name FROM premises WHERE premises_id = o.premises_id LIMIT 1) AS premises_name
    FROM task o
    WHERE o.worker_id = n.worker_id AND o.state IN ('inspecting', 'received')
    ORDER BY o.state, o.due_at, o.task_id
    LIMIT 1) t ON true
ORDER BY n.metres, n.worker_id;
