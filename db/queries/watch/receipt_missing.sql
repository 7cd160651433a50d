-- Of workers without an open alert, the first visit of those that have just waited so long for a receipt, though
-- something was wrong; and the open alerts whose receipt has come, or whose day is over.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS worker_id, params, raised_at FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
),
waited AS (
    SELECT i.worker_id, i.id AS inspection_id, i.premises_id, i.received_at AS heard_at, i.ts, i.receipt_no, i.started, i.ended,
           i.lon, i.lat, i.grid_id, false AS is_open
    FROM inspection i
    WHERE i.district = %(district)s AND coalesce(i.outcome, i.result) = 'abnormal'
      AND i.received_at > %(since)s AND i.received_at <= %(until)s
      AND i.ts > %(since)s::timestamptz - interval '7 days'
      AND i.worker_id NOT IN (SELECT worker_id FROM open)
    UNION ALL
    SELECT i.worker_id, i.id, i.premises_id, i.received_at, i.ts, i.receipt_no, i.started, i.ended, i.lon,
           i.lat, i.grid_id, true
    FROM open o
    JOIN inspection i ON i.district = %(district)s AND i.worker_id = o.worker_id
        AND i.id = o.params ->> 'inspection_id' AND i.ts > o.raised_at - interval '8 days'
),
printed AS (
    SELECT w.worker_id, w.inspection_id, min(least(by_id.at, by_number.at, by_time.at)) AS printed_at
    FROM waited w
    JOIN device d ON d.district = %(district)s AND d.worker_id = w.worker_id AND d.kind = 'printer'
    LEFT JOIN LATERAL (
        SELECT min(r.received_at) AS at FROM receipt r
        WHERE r.district = %(district)s AND r.device_id = d.device_id AND r.inspection_id = w.inspection_id
          AND r.ts BETWEEN w.ts - interval '1 day' AND w.ts + interval '2 days'
    ) by_id ON true
    LEFT JOIN LATERAL (
        SELECT min(r.received_at) AS at FROM receipt r
        WHERE r.district = %(district)s AND r.device_id = d.device_id AND r.number = w.receipt_no
          AND r.ts BETWEEN w.ts - interval '1 day' AND w.ts + interval '2 days'
    ) by_number ON true
    LEFT JOIN LATERAL (
        SELECT min(r.received_at) AS at FROM receipt r
        WHERE r.district = %(district)s AND r.device_id = d.device_id
          AND r.ts BETWEEN w.started - interval '1 hour' AND w.ended + interval '1 hour'
          AND scoped.is_paper_of(r.inspection_id, r.number, r.at, w.inspection_id, w.receipt_no, w.started, w.ended) = 'by_time'
    ) by_time ON true
    GROUP BY 1, 2
)
SELECT DISTINCT ON (worker_id) worker_id, inspection_id, premises_id, heard_at, printed_at, lon, lat, grid_id, is_open
FROM waited LEFT JOIN printed USING (worker_id, inspection_id)
WHERE CASE WHEN is_open
      THEN printed_at IS NOT NULL
           OR heard_at <= %(now)s - %(minutes)s * interval '1 minute' - %(hours)s * interval '1 hour'
      ELSE printed_at IS NULL END
ORDER BY worker_id, heard_at;
