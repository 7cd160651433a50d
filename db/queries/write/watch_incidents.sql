-- Incidents for which time has something to do: a step is late and there is a level above; or the facts cleared it
-- before `quiet` and nobody has touched it, so that it passes. One that will pass is not escalated until then.
(SELECT incident_id, false AS passes FROM incident
 WHERE district = %(district)s AND ended_at IS NULL AND due_at < %(now)s AND level > 1
   AND NOT (state = 'raised' AND severity < 'major' AND facts_cleared_at IS NOT NULL)
 ORDER BY due_at LIMIT %(limit)s)
UNION ALL
(SELECT incident_id, true AS passes FROM incident
 WHERE district = %(district)s AND state = 'raised' AND severity < 'major' AND facts_cleared_at < %(quiet)s
 ORDER BY facts_cleared_at LIMIT %(limit)s);
