-- How many accounts at or below the place and `unit` are in each state, and of those how many somebody is logged in by.
SELECT state AS code, count(*) AS n, count(*) FILTER (WHERE sessions > 0) AS logged_in
FROM account_standing
WHERE %(unit)s::text IS NULL OR starts_with(place || '/', %(unit)s::text || '/')
GROUP BY 1 ORDER BY 1;
