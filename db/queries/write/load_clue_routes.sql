-- Where the district's clues go: its own rows and everybody's, each marked whose it is.
SELECT department_id, valid_from, nullif(kind, '') AS kind, nullif(industry, '') AS industry,
       nullif(keyword, '') AS keyword, priority, district <> 0 AS own
FROM clue_route WHERE district IN (0, %(district)s) AND closed_at IS NULL;
