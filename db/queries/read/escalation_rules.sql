-- How many minutes each step of an incident may take before the next org level is called, as in force today: of each
-- severity and step the district's own rule before everybody's, then the newest.
SELECT DISTINCT ON (r.severity, r.step) r.severity, r.step, r.minutes, r.valid_from, r.district <> 0 AS own
FROM escalation_rule r CROSS JOIN district_info i
WHERE r.valid_from <= (now() AT TIME ZONE i.tz)::date
ORDER BY r.severity DESC, r.step, r.district DESC, r.valid_from DESC;
