-- Premises at or below `unit` by category, tag, risk grade, status, grid, how they stand by their licences, and text
-- (null: all). licences: none (they need none), missing (never held), expired, expiring within `days` (of a list, the
-- first), valid. text: name, licence number, address, id.
WITH lit AS NOT MATERIALIZED (
    SELECT premises_id, ends, licence_lamp(held, had, ends, today, (%(days)s::text[])[1]::integer) AS lamp FROM licence_now
),
found AS MATERIALIZED (
    SELECT * FROM premises
    WHERE closed_at IS NULL
      AND (%(unit)s::text IS NULL OR starts_with(path || '/', %(unit)s::text || '/'))
      AND (%(categories)s::text[] IS NULL OR category = ANY (%(categories)s::text[]))
      AND (%(tags)s::text[] IS NULL OR tags && %(tags)s::text[])
      AND (%(grades)s::text[] IS NULL OR risk_grade = ANY (%(grades)s::text[]))
      AND (%(statuses)s::text[] IS NULL OR status = ANY (%(statuses)s::text[]))
      AND (%(grids)s::text[] IS NULL OR grid_id = ANY (%(grids)s::text[]))
      AND (%(licences)s::text[] IS NULL
           OR premises_id IN (SELECT premises_id FROM lit WHERE lamp = ANY (%(licences)s::text[]))
           OR 'none' = ANY (%(licences)s::text[]) AND premises_id NOT IN (SELECT premises_id FROM licence_now))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(concat_ws(' ', premises_id, name, licence_no, address))) > 0
           OR premises_id IN (SELECT premises_id FROM licence
                WHERE position(lower(%(text)s::text) IN lower(number)) > 0))
    ORDER BY premises_id
    LIMIT %(limit)s
)
SELECT p.premises_id, p.name, p.category, p.risk_grade, p.status, p.tags, p.licence_no, p.address,
       coalesce(l.lamp, 'none') AS lamp, l.ends,
       g.name AS grid_name, g.name_en AS grid_name_en, s.name AS station_name, s.name_en AS station_name_en
FROM found p
LEFT JOIN LATERAL (SELECT lamp, ends FROM lit WHERE premises_id = p.premises_id LIMIT 1) l ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = p.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(p.path, '/'))[:2], '/')
ORDER BY p.premises_id;
