-- The grids' polygons, and their places in the org tree.
SELECT grid_id, geom, path FROM grid WHERE district = %(district)s AND closed_at IS NULL ORDER BY grid_id;
