-- Where some incidents are, in words too, and at which premises, by the first alert of each.
SELECT i.incident_id, coalesce(i.lon, p.lon) AS lon, coalesce(i.lat, p.lat) AS lat, p.premises_id, p.name,
       nullif(concat_ws(' ', coalesce(p.name, d.name), coalesce(p.address, g.name)), '') AS place,
       ARRAY(SELECT DISTINCT item FROM task t, unnest(t.items) AS item
             WHERE t.district = p.district AND t.premises_id = p.premises_id AND t.state NOT IN ('done', 'cancelled')
             ORDER BY item) AS items
FROM incident i
LEFT JOIN alert a ON a.district = i.district AND a.alert_id = i.incident_id
LEFT JOIN premises p ON p.district = i.district AND p.premises_id = a.params ->> 'premises_id'
LEFT JOIN device d ON d.district = i.district AND d.device_id = a.params ->> 'device_id' AND d.kind = 'camera'
LEFT JOIN grid g ON g.district = i.district AND g.grid_id = i.grid_id
WHERE i.district = %(district)s AND i.incident_id = ANY(%(ids)s);
