-- Count again what the alerts of some incidents say; one that was merged has none any more.
UPDATE incident i SET (alerts, open_alerts, subjects, last_alert_at, facts_cleared_at)
    = (n, open, different, coalesce(last, i.last_alert_at), CASE WHEN open = 0 THEN cleared END)
FROM (SELECT id AS incident_id, count(alert_id) AS n, count(alert_id) FILTER (WHERE cleared_at IS NULL) AS open,
             count(DISTINCT about) AS different, max(raised_at) AS last, max(cleared_at) AS cleared
      FROM unnest(%(ids)s::text[]) AS id
      LEFT JOIN alert ON district = %(district)s AND alert.incident_id = id
      GROUP BY 1) a
WHERE i.district = %(district)s AND i.incident_id = a.incident_id;
