-- Issue a key.
INSERT INTO device_key (district, kind, device_id, way, secret, issued_by, expires_at)
VALUES (%(district)s, %(kind)s, %(device_id)s, %(way)s, %(secret)s, %(actor)s, %(expires_at)s);
