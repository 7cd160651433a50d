-- Of printers without an open alert, the first paper of those that have just waited so long for the visit that they are
-- about; and the open alerts whose visit has been reported, or whose day is over.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS device_id, params, raised_at FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
),
waited AS (
    SELECT r.device_id, r.number, r.inspection_id, r.received_at AS heard_at, r.ts, r.at AS printed, false AS is_open
    FROM receipt r
    WHERE r.district = %(district)s AND r.received_at > %(since)s AND r.received_at <= %(until)s
      AND r.ts > %(since)s::timestamptz - interval '7 days'
      AND r.device_id NOT IN (SELECT device_id FROM open)
    UNION ALL
    SELECT o.device_id, o.params ->> 'number', o.params ->> 'inspection_id',
           o.raised_at - (o.params ->> 'minutes')::float * interval '1 minute', o.raised_at,
           o.raised_at - (o.params ->> 'minutes')::float * interval '1 minute', true
    FROM open o
),
visited AS (
    SELECT w.*, least(by_id.at, by_number.at, by_time.at) AS visited_at
    FROM waited w
    JOIN device d ON d.district = %(district)s AND d.device_id = w.device_id
    LEFT JOIN LATERAL (
        SELECT min(i.received_at) AS at FROM inspection i
        WHERE i.district = %(district)s AND i.id = w.inspection_id AND i.worker_id = d.worker_id
          AND i.ts BETWEEN w.ts - interval '2 days' AND w.ts + interval '1 day'
    ) by_id ON true
    LEFT JOIN LATERAL (
        SELECT min(i.received_at) AS at FROM inspection i
        WHERE i.district = %(district)s AND i.receipt_no = w.number AND i.worker_id = d.worker_id
          AND i.ts BETWEEN w.ts - interval '2 days' AND w.ts + interval '1 day'
    ) by_number ON true
    LEFT JOIN LATERAL (
        SELECT min(i.received_at) AS at FROM inspection i
        WHERE i.district = %(district)s AND i.worker_id = d.worker_id
          AND i.ts BETWEEN w.printed - interval '2 hours' AND w.printed + interval '2 hours'
          AND scoped.is_paper_of(w.inspection_id, w.number, w.printed, i.id, i.receipt_no, i.started, i.ended) = 'by_time'
    ) by_time ON true
)
SELECT DISTINCT ON (device_id) device_id, number, inspection_id, heard_at, visited_at, is_open
FROM visited
WHERE CASE WHEN is_open
      THEN visited_at IS NOT NULL
           OR heard_at <= %(now)s - %(minutes)s * interval '1 minute' - %(hours)s * interval '1 hour'
      ELSE visited_at IS NULL END
ORDER BY device_id, heard_at;
