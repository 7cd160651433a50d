-- The routes of these districts, and everybody's (0), those that were closed among them.
SELECT district, filter, decoder, closed_at IS NOT NULL AS closed
FROM foreign_route WHERE district = ANY(%(districts)s);
