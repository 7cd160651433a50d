-- What each indicator weighs, and how many items it needs, in a period that begins on the day `begins`: the district's own
-- where it has any by then, else everybody's.
SELECT DISTINCT ON (w.indicator) w.indicator, w.weight, w.minimum, w.valid_from, w.district > 0 AS own
FROM district_info i
CROSS JOIN score_weight w
WHERE w.valid_from <= %(begins)s::date
ORDER BY w.indicator, (w.district > 0) DESC, w.valid_from DESC;
