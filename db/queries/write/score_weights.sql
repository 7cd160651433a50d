-- How much each indicator weighs in a period that begins on the day `begins`: the newest row that is valid by then, the
-- district's own before everybody's.
SELECT DISTINCT ON (indicator) indicator, weight, minimum
FROM score_weight
WHERE district IN (0, %(district)s) AND valid_from <= %(begins)s::date AND closed_at IS NULL
ORDER BY indicator, (district > 0) DESC, valid_from DESC;
