-- Upsert the district's own topics of foreign devices; close those that are no longer in the file.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(filter text, decoder text)
), kept AS (
    INSERT INTO foreign_route (district, filter, decoder)
    SELECT %(district)s, filter, decoder FROM incoming
    ON CONFLICT (district, filter) DO UPDATE SET decoder = EXCLUDED.decoder, closed_at = NULL
    WHERE (foreign_route.decoder, foreign_route.closed_at) IS DISTINCT FROM (EXCLUDED.decoder, NULL)
), gone AS (
    UPDATE foreign_route SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND filter NOT IN (SELECT filter FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
