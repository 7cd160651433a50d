-- What went on for longer than was known: the last word counts.
-- A number may be smaller than a real can be, hence numeric and rounded.
UPDATE device_event e
SET ended = r.ended, confidence = greatest(e.confidence, round(r.confidence, 6))
FROM (SELECT district, device_id, ts, id, max(ended) AS ended, max(confidence) AS confidence
      FROM json_to_recordset(%(rows)s::json) AS r(
          district integer, device_id text, ts timestamptz, id text, ended timestamptz, confidence numeric)
      GROUP BY 1, 2, 3, 4) r
WHERE (e.district, e.device_id, e.ts, e.id) = (r.district, r.device_id, r.ts, r.id)
  AND (e.ended IS NULL OR e.ended < r.ended);
