-- Revoke the keys of a place that are in force, of one way or (null) of both.
UPDATE device_key SET revoked_at = now(), revoked_by = %(actor)s
WHERE district = %(district)s AND kind = %(kind)s AND device_id = %(device_id)s
  AND (%(way)s::text IS NULL OR way = %(way)s) AND revoked_at IS NULL
RETURNING way;
