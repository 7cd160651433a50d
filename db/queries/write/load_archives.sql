-- What the register and the workers say of some premises, and how they stand, by id; locked until the transaction ends.
SELECT premises_id, registered, seen, source, status, address, tags, lon, lat, grid_id, path, sign, phone,
       verified_at, verified_by
FROM premises WHERE district = %(district)s AND premises_id = ANY(%(ids)s)
ORDER BY premises_id FOR UPDATE;
