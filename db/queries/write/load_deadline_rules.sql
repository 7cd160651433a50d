-- The district's deadline rules and everybody's, each marked whose it is.
SELECT step, valid_from, nullif(category, '') AS category, working_days, hours, district <> 0 AS own
FROM deadline_rule
WHERE district IN (0, %(district)s) AND closed_at IS NULL;
