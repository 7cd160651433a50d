-- One paper, named 'printer:message', with its print job if it came as one, and the visit that it belongs to.
SELECT r.at AT TIME ZONE i.tz AS at, r.number, r.body, r.language, r.job, d.name AS device_name,
       w.name AS worker_name, w.name_en AS worker_name_en, coalesce(v.tie, 'untied') AS tie,
       v.worker_id || ':' || v.id AS visit, v.started AT TIME ZONE i.tz AS started, v.ended AT TIME ZONE i.tz AS ended,
       v.premises_id, p.name AS premises_name
FROM receipt r
JOIN device d USING (device_id)
CROSS JOIN district_info i
LEFT JOIN worker w ON w.worker_id = d.worker_id
LEFT JOIN LATERAL (
    SELECT v.*, is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) AS tie
    FROM inspection v
    WHERE v.worker_id = d.worker_id AND v.ts BETWEEN r.ts - interval '2 days' AND r.ts + interval '1 day'
      AND is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) IS NOT NULL
    ORDER BY tie, abs(extract(epoch FROM r.at - v.ended)) LIMIT 1
) v ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = v.premises_id LIMIT 1) p ON true
WHERE r.device_id = split_part(%(id)s, ':', 1) AND r.id = split_part(%(id)s, ':', 2)
ORDER BY r.ts DESC LIMIT 1;
