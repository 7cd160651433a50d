-- Papers of the last week from printers at or below `unit`, by how they found their visits and by text (null: all), the
-- latest first. A paper is named by its printer and its message: 'R1:receipt-17...'.
SELECT r.device_id || ':' || r.id AS paper, r.at AT TIME ZONE i.tz AS at, r.number, r.body, d.name AS device_name,
       w.name AS worker_name, w.name_en AS worker_name_en, coalesce(v.tie, 'untied') AS tie, p.name AS premises_name,
       s.name AS station_name, s.name_en AS station_name_en
FROM receipt r
JOIN device d USING (device_id)
CROSS JOIN district_info i
LEFT JOIN worker w ON w.worker_id = d.worker_id
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(d.path, '/'))[:2], '/')
LEFT JOIN LATERAL (
    SELECT v.premises_id, is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) AS tie
    FROM inspection v
    WHERE v.worker_id = d.worker_id AND v.ts BETWEEN r.ts - interval '2 days' AND r.ts + interval '1 day'
      AND is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) IS NOT NULL
    ORDER BY 2, abs(extract(epoch FROM r.at - v.ended)) LIMIT 1
) v ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = v.premises_id LIMIT 1) p ON true
WHERE r.ts > now() - interval '8 days' AND r.at > now() - interval '7 days'
  AND (%(unit)s::text IS NULL OR starts_with(d.path || '/', %(unit)s::text || '/'))
  AND (%(ties)s::text[] IS NULL OR coalesce(v.tie, 'untied') = ANY (%(ties)s::text[]))
  AND (%(text)s::text IS NULL
       OR position(lower(%(text)s::text) IN lower(concat_ws(' ', r.number, r.body, d.name, w.name, w.name_en))) > 0)
ORDER BY r.at DESC, r.device_id, r.id
LIMIT %(limit)s;
