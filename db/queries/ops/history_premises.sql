-- The premises of a district that lie in a grid with a worker, with what is registered of them in words.
SELECT p.premises_id, p.name, p.path, p.grid_id, p.lon, p.lat,
       concat_ws(' ', p.name, p.category, p.business_scope, array_to_string(p.tags, ' ')) AS words
FROM premises p
WHERE p.district = %(district)s AND p.closed_at IS NULL AND p.grid_id = ANY(%(grids)s)
ORDER BY p.premises_id;
