-- Incidents at or below `unit` by state (open: whatever has not ended), severity, rule, trait (mine: taken up by `actor`;
-- escalated; overdue) and text (null: all): open ones first, the most severe on top, the newest of them; then what ended.
WITH said AS MATERIALIZED (  -- those of which an alert says, or names what is called, `text`
    SELECT a.incident_id
    FROM alert a
    WHERE %(text)s::text IS NOT NULL
      AND (position(lower(%(text)s::text) IN lower(concat_ws(' ', a.rule, a.subject, a.params::text))) > 0
           OR a.params ->> 'worker_id' IN (SELECT worker_id FROM worker
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR a.params ->> 'device_id' IN (SELECT device_id FROM device
                WHERE position(lower(%(text)s::text) IN lower(name)) > 0)
           OR a.params ->> 'premises_id' IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(name)) > 0))
),
found AS MATERIALIZED (
    SELECT i.*
    FROM incident i
    WHERE (%(unit)s::text IS NULL OR starts_with(i.path || '/', %(unit)s::text || '/'))
      AND (%(states)s::text[] IS NULL OR i.state = ANY (%(states)s::text[])
           OR (i.ended_at IS NULL AND 'open' = ANY (%(states)s::text[])))
      AND (%(severities)s::text[] IS NULL OR i.severity::text = ANY (%(severities)s::text[]))
      AND (%(rules)s::text[] IS NULL OR i.rule = ANY (%(rules)s::text[]))
      AND (%(traits)s::text[] IS NULL
           OR ('mine' = ANY (%(traits)s::text[]) AND i.acknowledged_by = %(actor)s::text)
           OR ('escalated' = ANY (%(traits)s::text[]) AND i.escalated_at IS NOT NULL)
           OR ('overdue' = ANY (%(traits)s::text[]) AND i.due_at < now()))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN
                lower(concat_ws(' ', i.incident_id, i.acknowledged_by, i.reason, i.sent::text))) > 0
           OR i.incident_id IN (SELECT incident_id FROM said)
           OR i.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
    ORDER BY i.ended_at DESC NULLS FIRST, CASE WHEN i.ended_at IS NULL THEN i.severity END DESC NULLS LAST,
             i.opened_at DESC, i.incident_id
    LIMIT %(limit)s
)
SELECT i.incident_id, i.state, i.severity, i.rule, i.alerts, i.open_alerts, i.acknowledged_by, i.reason,
       CASE WHEN i.due_at IS NOT NULL THEN lamp(waits_since(i.incident_id, i.due_at), i.due_at, now(), NULL) END AS lamp,
       (SELECT count(*) FROM jsonb_array_elements(i.sent) one
        WHERE one ->> 'stage' IS NULL OR one ->> 'stage' NOT IN ('refused', 'failed', 'done')) AS sent,
       i.opened_at AT TIME ZONE n.tz AS opened, i.due_at AT TIME ZONE n.tz AS due, i.ended_at AT TIME ZONE n.tz AS ended,
       extract(epoch FROM coalesce(i.ended_at, now()) - i.opened_at)::float AS lasted_s,
       w.*, g.name AS grid_name, g.name_en AS grid_name_en, s.name AS station_name, s.name_en AS station_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en
FROM found i
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(i.incident_id) w
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = i.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(i.path, '/'))[:2], '/')
LEFT JOIN org_unit u ON u.path = array_to_string((string_to_array(i.path, '/'))[:i.level], '/')
ORDER BY i.ended_at DESC NULLS FIRST, CASE WHEN i.ended_at IS NULL THEN i.severity END DESC NULLS LAST,
         i.opened_at DESC, i.incident_id;
