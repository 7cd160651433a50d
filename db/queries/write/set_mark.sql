-- A rule has looked at all facts that had come until then.
INSERT INTO rule_mark (district, rule, until, looked_at)
VALUES (%(district)s, %(rule)s, %(until)s, %(now)s)
ON CONFLICT (district, rule) DO UPDATE SET until = EXCLUDED.until, looked_at = EXCLUDED.looked_at;
