-- Visits that have just been weighed: those of little truth of which no alert is open, and those of more of which one is.
SELECT e.worker_id, e.id, e.premises_id, e.ended, e.lon, e.lat, e.truth, e.grid_id, a.alert_id IS NOT NULL AS is_open,
       ARRAY(SELECT v.value ->> 'test' FROM jsonb_array_elements(e.verdicts) v
             WHERE v.value ->> 'says' = 'contradicts') AS tests
FROM visit_evidence e
LEFT JOIN alert a ON a.district = e.district AND a.rule = %(rule)s AND a.cleared_at IS NULL
                 AND a.subject = 'visit:' || e.worker_id || ':' || e.id
WHERE e.district = %(district)s AND e.weighed_at > %(since)s AND e.weighed_at <= %(until)s AND e.truth IS NOT NULL
  AND (e.truth < %(percent)s) <> (a.alert_id IS NOT NULL);
