-- Upsert the district's own weights of indicators; close those that are no longer in the file. What is weighed by those
-- that changed is counted again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(indicator text, weight double precision, minimum integer, valid_from date)
), kept AS (
    INSERT INTO score_weight (district, indicator, weight, minimum, valid_from)
    SELECT %(district)s, indicator, weight, minimum, valid_from FROM incoming
    ON CONFLICT (district, indicator, valid_from) DO UPDATE SET
        weight = EXCLUDED.weight, minimum = EXCLUDED.minimum, closed_at = NULL
    WHERE (score_weight.weight, score_weight.minimum, score_weight.closed_at)
        IS DISTINCT FROM (EXCLUDED.weight, EXCLUDED.minimum, NULL)
    RETURNING valid_from
), gone AS (
    UPDATE score_weight SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (indicator, valid_from) NOT IN (SELECT indicator, valid_from FROM incoming)
    RETURNING valid_from
), again AS (
    INSERT INTO score_stale (district, day)
    SELECT district, begins FROM score_period
    WHERE district = %(district)s
      AND begins >= (SELECT min(valid_from) FROM (TABLE kept UNION ALL TABLE gone) AS changed)
)
SELECT count(*) AS closed FROM gone;
