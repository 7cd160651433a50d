-- Store receipts once; return the keys of the new ones. A print job has no id of its own: the same one from the same
-- printer is the same paper if it comes again within ten minutes.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, device_id text, ts timestamptz, id text, at timestamptz, number text, body text,
        inspection_id text, language text, job text, hist boolean, clock_off_s real, received_at timestamptz)
)
INSERT INTO receipt (district, device_id, ts, id, at, number, body, inspection_id, language, job, hist, clock_off_s,
                     received_at)
SELECT district, device_id, ts, id, at, number, body, inspection_id, language, decode(job, 'base64'), hist, clock_off_s,
       received_at
FROM incoming r
WHERE job IS NULL
   OR NOT EXISTS (SELECT FROM receipt o
                  WHERE o.district = r.district AND o.device_id = r.device_id AND o.id = r.id
                    AND o.ts > r.ts - interval '10 minutes' AND o.ts <= r.ts)
      AND NOT EXISTS (SELECT FROM incoming o
                      WHERE o.district = r.district AND o.device_id = r.device_id AND o.id = r.id
                        AND o.ts > r.ts - interval '10 minutes' AND o.ts < r.ts)
ON CONFLICT DO NOTHING
RETURNING device_id, ts, id;
