-- What is registered and has a place on the wire, in a district (null: in all), of a kind (null: of all).
SELECT district, kind, device_id
FROM (
    SELECT district, 'worker' AS kind, worker_id AS device_id FROM worker WHERE closed_at IS NULL
    UNION ALL
    SELECT district, 'department', department_id FROM department WHERE closed_at IS NULL
    UNION ALL
    SELECT district, kind, device_id FROM device WHERE closed_at IS NULL
) AS place
JOIN district USING (district)  -- 0 is nobody's place
WHERE (%(district)s::integer IS NULL OR district = %(district)s) AND (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY district, kind, device_id;
