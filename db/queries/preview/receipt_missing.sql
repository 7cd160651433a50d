-- Visits that had found something and waited so long for a receipt; and when it came, or their day was over.
-- over: all
WITH visits AS MATERIALIZED (
    SELECT i.worker_id, i.id AS inspection_id, i.premises_id, i.received_at AS heard_at, i.lon, i.lat, i.grid_id,
           (SELECT min(r.received_at)
            FROM device d JOIN receipt r ON r.district = d.district AND r.device_id = d.device_id
            WHERE d.district = i.district AND d.worker_id = i.worker_id AND d.kind = 'printer'
              AND r.ts BETWEEN i.ts - interval '1 day' AND i.ts + interval '2 days'
              AND scoped.is_paper_of(r.inspection_id, r.number, r.at, i.id, i.receipt_no, i.started, i.ended)
                  IS NOT NULL) AS printed_at
    FROM inspection i
    WHERE i.district = %(district)s AND coalesce(i.outcome, i.result) = 'abnormal'
      AND i.ts > %(since)s::timestamptz - interval '7 days' AND i.received_at > %(since)s
      AND i.received_at <= %(until)s::timestamptz - %(minutes)s * interval '1 minute'
),
late AS (
    SELECT * FROM visits WHERE coalesce(printed_at > heard_at + %(minutes)s * interval '1 minute', true)
)
SELECT heard_at + %(minutes)s * interval '1 minute' AS now, 'worker:' || worker_id AS subject, inspection_id AS cause, late.*
FROM late
UNION ALL
SELECT least(printed_at, heard_at + %(minutes)s * interval '1 minute' + %(hours)s * interval '1 hour'),
       'worker:' || worker_id, inspection_id, late.*
FROM late
ORDER BY now;
