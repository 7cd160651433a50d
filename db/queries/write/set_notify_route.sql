-- Lead alerts of a rule ('': every one), at or below a unit, to a channel from a severity on, or no more.
INSERT INTO notify_route (district, channel, rule, path, severity, closed_at)
VALUES (%(district)s, %(channel)s, %(rule)s, %(path)s, %(severity)s, CASE WHEN %(close)s THEN now() END)
ON CONFLICT (district, channel, rule, path) DO UPDATE SET
    severity = EXCLUDED.severity, closed_at = EXCLUDED.closed_at;
