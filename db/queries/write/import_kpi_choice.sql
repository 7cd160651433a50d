-- Upsert which formulas the district uses, and since when it shows a change; close those that are no longer in the file.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(indicator text, formula text, base_year smallint)
), kept AS (
    INSERT INTO kpi_choice (district, indicator, formula, base_year)
    SELECT %(district)s, indicator, formula, base_year FROM incoming
    ON CONFLICT (district, indicator) DO UPDATE SET
        formula = EXCLUDED.formula, base_year = EXCLUDED.base_year, closed_at = NULL
    WHERE (kpi_choice.formula, kpi_choice.base_year, kpi_choice.closed_at)
        IS DISTINCT FROM (EXCLUDED.formula, EXCLUDED.base_year, NULL)
), gone AS (
    UPDATE kpi_choice SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND indicator NOT IN (SELECT indicator FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
