-- Premises by name, licence number, address or id, workers by name or id, devices by name or id, that hold `text` (two
-- letters at least): `limit` at most, those first that are or begin with it. detail: the premises' address, the
-- device's kind. Of premises the first 500 that are found are looked at.
WITH sought AS (SELECT lower(%(text)s::text) AS text),
hits AS (
    SELECT 'worker' AS kind, w.worker_id AS id, w.name, w.name_en, NULL AS detail,
           ARRAY[lower(w.worker_id), lower(w.name), lower(w.name_en)] AS words, NULL::float AS lon, NULL::float AS lat
    FROM worker w
    WHERE w.closed_at IS NULL AND position((SELECT text FROM sought) IN lower(w.worker_id || ' ' || w.name || ' ' || coalesce(w.name_en, ''))) > 0
    UNION ALL
    SELECT 'device', d.device_id, d.name, NULL, d.kind, ARRAY[lower(d.device_id), lower(d.name)], d.lon, d.lat
    FROM device d
    WHERE d.closed_at IS NULL AND position((SELECT text FROM sought) IN lower(d.device_id || ' ' || d.name)) > 0
    UNION ALL
    SELECT 'premises', p.premises_id, p.name, NULL, p.address,
           ARRAY[lower(p.premises_id), lower(p.name), lower(p.licence_no)], p.lon, p.lat
    FROM premises_like(%(text)s::text, 500) p
),
best AS MATERIALIZED (
    SELECT h.*, CASE WHEN s.text = ANY (h.words) THEN 0
                     WHEN EXISTS (SELECT FROM unnest(h.words) AS word WHERE starts_with(word, s.text)) THEN 1 ELSE 2 END AS rank
    FROM hits h CROSS JOIN sought s
    WHERE length(s.text) > 1
    ORDER BY rank, array_position(ARRAY['worker', 'premises', 'device'], h.kind), length(h.name), h.id
    LIMIT %(limit)s
)
SELECT b.kind, b.id, b.name, b.name_en, b.detail, coalesce(w.lon, d.lon, b.lon) AS lon, coalesce(w.lat, d.lat, b.lat) AS lat
FROM best b
LEFT JOIN LATERAL (SELECT lon, lat FROM worker_state WHERE b.kind = 'worker' AND worker_id = b.id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT lon, lat FROM device_state WHERE b.kind = 'device' AND device_id = b.id LIMIT 1) d ON true
ORDER BY b.rank, array_position(ARRAY['worker', 'premises', 'device'], b.kind), length(b.name), b.id;
