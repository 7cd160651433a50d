-- Some premises by id, closed ones too: a visit may still speak of them.
SELECT premises_id, name, path, grid_id, lon, lat
FROM premises WHERE district = %(district)s AND premises_id = ANY(%(ids)s);
