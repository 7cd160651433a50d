-- Devices whom a rule of time may concern: not heard for two minutes, or with an open alert.
SELECT device_id, last_seen, online
FROM device_state
WHERE district = %(district)s AND last_seen IS NOT NULL AND (
    last_seen < now() - INTERVAL '2 minutes'
    OR 'device:' || device_id IN (
        SELECT subject FROM alert WHERE district = %(district)s AND rule = 'device_silent' AND cleared_at IS NULL));
