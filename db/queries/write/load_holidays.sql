-- Days that differ from the published calendar: the district's own word before everybody's.
SELECT DISTINCT ON (day) day, working
FROM holiday
WHERE district IN (0, %(district)s) AND closed_at IS NULL
ORDER BY day, district DESC;
