-- The open grids with their outline (GeoJSON, WGS-84) and the station that each belongs to.
SELECT g.grid_id, g.path, g.name, g.name_en, g.geom,
       station.path AS station, station.name AS station_name, station.name_en AS station_name_en
FROM grid g
LEFT JOIN org_unit station ON station.path = array_to_string((string_to_array(g.path, '/'))[:2], '/')
WHERE g.closed_at IS NULL
ORDER BY g.grid_id;
