-- Where those came from in the last ten minutes who are now between `west` and `east`, `south` and `north` (degrees,
-- WGS-84) and on duty: one position in twenty seconds, `limit` at most. The phone's own clock (ts) finds them by the key.
SELECT s.worker_id, p.lon, p.lat
FROM worker_state s
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (floor(extract(epoch FROM at) / 20)) at, lon, lat
    FROM ping
    WHERE worker_id = s.worker_id AND at > now() - interval '10 minutes'
      AND ts > now() - interval '10 minutes' - make_interval(secs => abs(coalesce(s.clock_off_s, 0)) + 60)
    ORDER BY floor(extract(epoch FROM at) / 20), at DESC
) p
WHERE s.on_duty AND s.at > now() - interval '10 minutes'
  AND s.lon >= %(west)s AND s.lon < %(east)s AND s.lat >= %(south)s AND s.lat < %(north)s
ORDER BY s.worker_id, p.at
LIMIT %(limit)s;
