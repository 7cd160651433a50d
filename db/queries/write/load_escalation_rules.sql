-- The district's minutes for each step and everybody's, each marked whose it is.
SELECT severity, step, minutes, valid_from, district <> 0 AS own
FROM escalation_rule WHERE district IN (0, %(district)s) AND closed_at IS NULL;
