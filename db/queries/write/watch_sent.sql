-- The incidents with a place to which somebody has been sent, and who.
SELECT district, incident_id, rule, path, grid_id, lon, lat, raised_at, opened_at, sent
FROM incident
WHERE district = %(district)s AND state IN ('dispatched', 'on_the_way', 'on_the_spot') AND lon IS NOT NULL
ORDER BY incident_id;
