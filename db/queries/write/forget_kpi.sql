-- Leave nothing of a KPI in the rollup.
WITH gone AS (DELETE FROM kpi_daily WHERE district = %(district)s AND kpi = %(kpi)s)
DELETE FROM kpi_kept WHERE district = %(district)s AND kpi = %(kpi)s;
