-- This name is nobody's any more; returns whether it was.
UPDATE foreign_name SET closed_at = now()
WHERE district = %(district)s AND decoder = %(decoder)s AND name = %(name)s AND closed_at IS NULL
RETURNING name;
