-- What never changes of some incidents, by id; locked until the transaction ends.
SELECT district, incident_id, rule, path, grid_id, lon, lat, raised_at, opened_at
FROM incident WHERE district = %(district)s AND incident_id = ANY(%(ids)s)
ORDER BY incident_id FOR UPDATE;
