-- Where the premises stand that workers have said something about.
SELECT premises_id, lon, lat, grid_id, path
FROM premises WHERE district = %(district)s AND seen IS NOT NULL
ORDER BY premises_id;
