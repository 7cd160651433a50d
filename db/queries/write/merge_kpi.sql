-- Merge what a KPI has of the days that are over by now into one row a day, and forget what has come to nothing.
WITH days AS MATERIALIZED (
    SELECT d.tz, m.exact_from AS since, scoped.exact_from(d.tz) AS until
    FROM kpi_kept m JOIN district d USING (district)
    WHERE m.district = %(district)s AND m.kpi = %(kpi)s
),
kept AS (UPDATE kpi_kept SET exact_from = (SELECT until FROM days) WHERE district = %(district)s AND kpi = %(kpi)s),
gone AS (
    DELETE FROM kpi_daily k USING days d
    WHERE k.district = %(district)s AND k.kpi = %(kpi)s
      AND (k.began >= d.since AND k.began < d.until OR k.until >= d.since AND k.until < d.until
           OR k.numerator = 0 AND k.denominator = 0)
    RETURNING k.grain, k.path, k.category, k.numerator, k.denominator,
              scoped.kept_at(k.until, d.until, d.tz) AS until, scoped.kept_at(k.began, d.until, d.tz) AS began
)
INSERT INTO kpi_daily AS k (district, kpi, grain, until, path, category, began, numerator, denominator)
SELECT %(district)s, %(kpi)s, grain, until, path, category, began, sum(numerator), sum(denominator)
FROM gone
WHERE began < until
GROUP BY grain, until, path, category, began
HAVING sum(numerator) <> 0 OR sum(denominator) <> 0
ORDER BY grain, until, path, category, began
ON CONFLICT (district, kpi, grain, until, path, category, began) DO UPDATE SET
    numerator = k.numerator + EXCLUDED.numerator, denominator = k.denominator + EXCLUDED.denominator;
