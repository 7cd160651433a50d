-- The accounts at or below the place and `unit` by state, kind, role and text (null: all), by name. A name is nobody else's.
SELECT a.name, a.place, a.roles, a.grade, a.department_id, a.worker_id, a.has_password, a.kind, a.state, a.sessions,
       a.locked_until AT TIME ZONE i.tz AS locked_until, a.disabled_at AT TIME ZONE i.tz AS disabled,
       a.seen_at AT TIME ZONE i.tz AS seen, a.made_at AT TIME ZONE i.tz AS made, a.made_by,
       u.name AS unit_name, u.name_en AS unit_name_en, d.name AS department_name, d.name_en AS department_name_en,
       w.name AS worker_name, w.name_en AS worker_name_en
FROM account_standing a
CROSS JOIN district_info i
LEFT JOIN org_unit u ON u.path = a.place
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = a.department_id LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.worker_id LIMIT 1) w ON true
WHERE (%(unit)s::text IS NULL OR starts_with(a.place || '/', %(unit)s::text || '/'))
  AND (%(states)s::text[] IS NULL OR a.state = ANY (%(states)s::text[]))
  AND (%(kinds)s::text[] IS NULL OR a.kind = ANY (%(kinds)s::text[]))
  AND (%(roles)s::text[] IS NULL OR a.roles && %(roles)s::text[])
  AND (%(text)s::text IS NULL
       OR position(lower(%(text)s::text) IN lower(concat_ws(' ', a.name, a.worker_id, w.name, w.name_en, u.name, u.name_en))) > 0)
ORDER BY a.name
LIMIT %(limit)s;
