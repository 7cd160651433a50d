-- The registered workers of an id, in a district (null: in all): the role of each.
SELECT district, role FROM worker
WHERE worker_id = %(worker_id)s AND (%(district)s::integer IS NULL OR district = %(district)s) AND closed_at IS NULL
ORDER BY district;
