-- Lead incidents of a rule ('': every one), at or below a unit, to a channel from a severity and a level on, or no more.
INSERT INTO notify_route (district, channel, rule, path, severity, level, closed_at)
VALUES (%(district)s, %(channel)s, %(rule)s, %(path)s, %(severity)s, %(level)s, CASE WHEN %(close)s THEN now() END)
ON CONFLICT (district, channel, rule, path) DO UPDATE SET
    severity = EXCLUDED.severity, level = EXCLUDED.level, closed_at = EXCLUDED.closed_at;
