-- Some premises as an act tells of them: where they are, and what open tasks ask there.
SELECT p.premises_id, p.name, concat_ws(' ', p.name, p.address) AS place, p.lon, p.lat,
       ARRAY(SELECT DISTINCT item FROM task t, unnest(t.items) AS item
             WHERE t.district = p.district AND t.premises_id = p.premises_id AND t.state NOT IN ('done', 'cancelled')
             ORDER BY item) AS items
FROM premises p
WHERE p.district = %(district)s AND p.premises_id = ANY(%(ids)s);
