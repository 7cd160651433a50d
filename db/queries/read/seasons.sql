-- The rules of the seasons: the district's own, and everybody's.
SELECT category, item, begins, ends, valid_from, district <> 0 AS own FROM season ORDER BY category, valid_from, own;
