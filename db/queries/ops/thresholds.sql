-- The district's thresholds and everybody's that hold now, by name: the district's own newest before everybody's.
SELECT DISTINCT ON (name) name, value, unit, valid_from, actor, district = 0 AS everybodys
FROM threshold
WHERE district IN (0, %(district)s) AND closed_at IS NULL AND valid_from <= now()
ORDER BY name, district = 0, valid_from DESC;
