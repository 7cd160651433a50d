-- From now on this name of a foreign protocol is this device's. The unique index refuses one that is another district's.
INSERT INTO foreign_name (district, decoder, name, kind, device_id, datum, tz, key, by_file)
VALUES (%(district)s, %(decoder)s, %(name)s, %(kind)s, %(device_id)s, %(datum)s, %(tz)s, %(key)s, false)
ON CONFLICT (district, decoder, name) DO UPDATE SET
    kind = EXCLUDED.kind, device_id = EXCLUDED.device_id, datum = EXCLUDED.datum, tz = EXCLUDED.tz,
    key = coalesce(EXCLUDED.key, foreign_name.key), by_file = false, closed_at = NULL;
