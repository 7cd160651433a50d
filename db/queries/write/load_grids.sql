-- The grids' polygons.
SELECT grid_id, geom FROM grid WHERE district = %(district)s AND closed_at IS NULL ORDER BY grid_id;
