-- All the steps of some incidents.
SELECT district, alert_id AS incident_id, at, event, actor, cause, params, state, irregular
FROM alert_event WHERE district = %(district)s AND alert_id = ANY(%(ids)s) AND state IS NOT NULL;
