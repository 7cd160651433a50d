-- What `moved` says, to be added to kpi_daily: once by station, once by category.
slot AS (
    SELECT kpi, category, split_part(path, '/', 1) AS whole,
           array_to_string((string_to_array(path, '/'))[:2], '/') AS station,
           kept_at(began, d.exact_from, d.tz) AS began, kept_at(ended, d.exact_from, d.tz) AS ended,
           kept_at(counts, d.exact_from, d.tz) AS counts, kept_at(counted, d.exact_from, d.tz) AS counted, n
    FROM moved CROSS JOIN (SELECT tz, exact_from(tz) AS exact_from FROM district_info OFFSET 0) d
    OFFSET 0  -- each once, not wherever it is named
),
slots AS (  -- there are fewer of them than members
    SELECT kpi, coalesce(station, whole) AS path, CASE WHEN station IS NULL THEN coalesce(category, '') ELSE '' END AS category,
           CASE WHEN station IS NULL THEN 'category' ELSE 'unit' END AS grain, began, ended, counts, counted, sum(n) AS n
    FROM slot
    GROUP BY GROUPING SETS ((kpi, station, began, ended, counts, counted),
                            (kpi, whole, category, began, ended, counts, counted))
    HAVING sum(n) <> 0
)
INSERT INTO public.kpi_daily AS k (district, kpi, grain, until, path, category, began, numerator, denominator)
SELECT district(), kpi, grain, until, path, category, began, sum(numerator), sum(denominator)
FROM slots --parts--
WHERE began < until
GROUP BY 2, 3, 4, 5, 6, 7
HAVING sum(numerator) <> 0 OR sum(denominator) <> 0
ORDER BY 2, 3, 4, 5, 6, 7
