-- The passwords in force, as the broker keeps them.
SELECT district, kind, device_id, secret FROM device_key
WHERE way = 'password' AND revoked_at IS NULL
ORDER BY district, kind, device_id;
