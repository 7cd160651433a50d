-- The district's duty lists and negative lists and everybody's, each rule marked whose it is.
SELECT grade, act, list, valid_from, valid_to, district <> 0 AS own
FROM duty_rule WHERE district IN (0, %(district)s);
