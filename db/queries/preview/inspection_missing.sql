-- Papers that had waited so long for the visit that they are about; and when it was reported, or their day was over.
-- over: all
WITH papers AS MATERIALIZED (
    SELECT r.device_id, r.number, r.inspection_id, r.received_at AS heard_at,
           (SELECT min(i.received_at) FROM inspection i
            WHERE i.district = r.district AND i.worker_id = d.worker_id
              AND i.ts BETWEEN r.ts - interval '2 days' AND r.ts + interval '2 days'
              AND scoped.is_paper_of(r.inspection_id, r.number, r.at, i.id, i.receipt_no, i.started, i.ended)
                  IS NOT NULL) AS visited_at,
           r.id AS cause
    FROM receipt r JOIN device d USING (district, device_id)
    WHERE r.district = %(district)s
      AND r.ts > %(since)s::timestamptz - interval '7 days' AND r.received_at > %(since)s
      AND r.received_at <= %(until)s::timestamptz - %(minutes)s * interval '1 minute'
),
late AS (
    SELECT * FROM papers WHERE coalesce(visited_at > heard_at + %(minutes)s * interval '1 minute', true)
)
SELECT heard_at + %(minutes)s * interval '1 minute' AS now, 'device:' || device_id AS subject, late.*
FROM late
UNION ALL
SELECT least(visited_at, heard_at + %(minutes)s * interval '1 minute' + %(hours)s * interval '1 hour'),
       'device:' || device_id, late.*
FROM late
ORDER BY now;
