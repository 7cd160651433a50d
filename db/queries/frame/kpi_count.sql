-- Fill kpi_daily with one KPI, of which it has nothing, counted from all that there is.
WITH member AS (
    --member--
),
span AS (
    --span--
),
moved AS (
    SELECT '--kpi--' AS kpi, path, category, began, ended, counts, counted, 1 AS n FROM span
),
--into--
