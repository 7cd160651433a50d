-- The district's thresholds and everybody's, each marked whose it is.
SELECT name, value, unit, valid_from, district <> 0 AS own
FROM threshold WHERE district IN (0, %(district)s) AND closed_at IS NULL;
