-- Keep a shift handover, and which incidents of the unit were open then; one that was kept before is left as it is.
INSERT INTO handover (district, handover_id, path, actor, at, note, confirmed, open)
SELECT %(district)s, %(handover_id)s, %(unit)s, %(actor)s, %(at)s, %(note)s, %(confirmed)s,
       ARRAY(SELECT incident_id FROM incident
             WHERE district = %(district)s AND ended_at IS NULL AND starts_with(path || '/', %(unit)s || '/')
             ORDER BY incident_id)
ON CONFLICT DO NOTHING;
