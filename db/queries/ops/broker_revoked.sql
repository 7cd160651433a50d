-- Certificates that are revoked, and whose days are not over.
SELECT district, kind, device_id, secret, revoked_at FROM device_key
WHERE way = 'certificate' AND revoked_at IS NOT NULL AND (expires_at IS NULL OR expires_at > now())
ORDER BY revoked_at, secret;
