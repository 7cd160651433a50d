-- Devices that have not been heard for so long, and those of which an alert is open that have been, or are closed.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS device_id FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT s.device_id, s.last_seen, false AS is_open
FROM device_state s
WHERE s.district = %(district)s AND s.last_seen <= %(now)s - %(minutes)s * interval '1 minute'
  AND %(listening_since)s <= %(now)s - %(minutes)s * interval '1 minute'
  AND s.device_id NOT IN (SELECT device_id FROM open)
  AND EXISTS (SELECT FROM device d
              WHERE d.district = s.district AND d.device_id = s.device_id AND d.closed_at IS NULL)
UNION ALL
SELECT s.device_id, s.last_seen, true
FROM open
JOIN device_state s ON s.district = %(district)s AND s.device_id = open.device_id
LEFT JOIN device d ON d.district = s.district AND d.device_id = s.device_id AND d.closed_at IS NULL
WHERE s.last_seen > %(now)s - %(minutes)s * interval '1 minute' OR d.device_id IS NULL;
