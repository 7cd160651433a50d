-- The open routes of a channel.
SELECT rule, path, severity, level
FROM notify_route
WHERE district = %(district)s AND channel = %(channel)s AND closed_at IS NULL
ORDER BY path, rule;
