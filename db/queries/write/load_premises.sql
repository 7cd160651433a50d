-- Some premises by id, closed ones too: a visit may still speak of them.
SELECT premises_id, name, path, grid_id, lon, lat, registered_on,
       ARRAY(SELECT year FROM annual_report a
             WHERE a.district = p.district AND a.premises_id = p.premises_id AND a.closed_at IS NULL) AS filed
FROM premises p WHERE district = %(district)s AND premises_id = ANY(%(ids)s);
