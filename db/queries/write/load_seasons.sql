-- The district's seasons and everybody's, each marked whose it is.
SELECT category, item, begins, ends, valid_from, district <> 0 AS own
FROM season WHERE district IN (0, %(district)s) AND closed_at IS NULL;
