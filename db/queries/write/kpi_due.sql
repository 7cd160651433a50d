-- What the rollup of a district needs next: to `count` a KPI of those given that it has not, or has by another text
-- or in another time zone; to `merge` the days that are over by now of one; to `forget` one that is not given.
SELECT coalesce(k.kpi, m.kpi) AS kpi,
       CASE WHEN k.kpi IS NULL THEN 'forget'
            WHEN (m.digest, m.tz) = (k.digest, d.tz) THEN 'merge' ELSE 'count' END AS what
FROM district d
CROSS JOIN json_to_recordset(%(kpis)s::json) AS k(kpi text, digest text)
FULL JOIN (SELECT * FROM kpi_kept WHERE district = %(district)s) m ON m.kpi = k.kpi AND d.district = m.district
WHERE coalesce(d.district, m.district) = %(district)s
  AND ((m.digest, m.tz) = (k.digest, d.tz) AND m.exact_from >= scoped.exact_from(d.tz)) IS NOT TRUE
LIMIT 1;
