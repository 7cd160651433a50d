-- How some tasks or clues are counted as they stand, as JSON: to be taken from kpi_daily when they change.
WITH --changed--
SELECT coalesce(json_agg(s), '[]')::text AS spans
FROM (SELECT kpi, path, category, began, ended, counts, counted, count(*) AS n FROM span GROUP BY 1, 2, 3, 4, 5, 6, 7) s;
