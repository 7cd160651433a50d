-- Keep which protocols there are, what their devices take, and their topics as everybody's routes; close the rest.
WITH said AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(decoder text, kinds text[], acts text[], filters text[])
), kept AS (
    INSERT INTO protocol (decoder, kinds, acts) SELECT decoder, kinds, acts FROM said
    ON CONFLICT (decoder) DO UPDATE SET kinds = EXCLUDED.kinds, acts = EXCLUDED.acts, closed_at = NULL
), gone AS (
    UPDATE protocol SET closed_at = now() WHERE closed_at IS NULL AND decoder NOT IN (SELECT decoder FROM said)
), routed AS (
    INSERT INTO foreign_route (district, filter, decoder)
    SELECT 0, filter, decoder FROM said, unnest(filters) AS filter
    ON CONFLICT (district, filter) DO UPDATE SET decoder = EXCLUDED.decoder, closed_at = NULL
    WHERE (foreign_route.decoder, foreign_route.closed_at) IS DISTINCT FROM (EXCLUDED.decoder, NULL)
)
UPDATE foreign_route SET closed_at = now()
WHERE district = 0 AND closed_at IS NULL AND filter NOT IN (SELECT unnest(filters) FROM said);
