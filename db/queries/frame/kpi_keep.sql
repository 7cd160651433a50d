-- Move some tasks or clues in kpi_daily from what they were (`was`, of kpi_was) to what they are.
WITH --changed--,
moved AS (
    SELECT kpi, path, category, began, ended, counts, counted, sum(n) AS n
    FROM (SELECT kpi, path, category, began, ended, counts, counted, 1 AS n FROM span
          UNION ALL
          SELECT kpi, path, category, began, ended, counts, counted, -n
          FROM json_to_recordset(%(was)s::json) AS r(
              kpi text, path text, category text, began timestamptz, ended timestamptz, counts timestamptz,
              counted timestamptz, n integer)) both_ways
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(n) <> 0
),
--into--
ON CONFLICT (district, kpi, grain, until, path, category, began) DO UPDATE SET
    numerator = k.numerator + EXCLUDED.numerator, denominator = k.denominator + EXCLUDED.denominator;
