-- How many papers printers at or below `unit` (null: all) gave today, by how they found their visits.
SELECT coalesce(v.tie, 'untied') AS code, count(*) AS n
FROM district_info i
JOIN receipt r ON r.at >= date_trunc('day', now() AT TIME ZONE i.tz) AT TIME ZONE i.tz AND r.ts > now() - interval '2 days'
JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) AS tie
    FROM inspection v
    WHERE v.worker_id = d.worker_id AND v.ts BETWEEN r.ts - interval '2 days' AND r.ts + interval '1 day'
      AND is_paper_of(r.inspection_id, r.number, r.at, v.id, v.receipt_no, v.started, v.ended) IS NOT NULL
    ORDER BY 1 LIMIT 1
) v ON true
WHERE %(unit)s::text IS NULL OR starts_with(d.path || '/', %(unit)s::text || '/')
GROUP BY 1
LIMIT %(limit)s;
