-- Bodycams with an open alert that have been well away from where their worker fell, since.
SELECT c.device_id, a.lon AS fell_lon, a.lat AS fell_lat, s.at, s.lon, s.lat
FROM alert a
CROSS JOIN LATERAL (SELECT split_part(a.subject, ':', 2) AS device_id) c
JOIN device_state s ON s.district = a.district AND s.device_id = c.device_id AND s.at > a.raised_at
WHERE a.district = %(district)s AND a.rule = %(rule)s AND a.cleared_at IS NULL
  AND (abs(s.lat - a.lat) * 111195 >= %(metres)s * 0.7
       OR abs(s.lon - a.lon) * 111195 * cos(radians(a.lat)) >= %(metres)s * 0.7);
