-- How many alerts at or below `unit` (null: all) there are of each severity: open, of all that were raised.
SELECT a.severity AS code, count(*) FILTER (WHERE a.cleared_at IS NULL) AS n, count(*) AS whole
FROM alert a
WHERE %(unit)s::text IS NULL OR starts_with(a.path || '/', %(unit)s::text || '/')
GROUP BY 1
ORDER BY 1 DESC;
