-- The district's deadline rules, its supervision modules' and everybody's, each marked whose it is. A module gives
-- the time for the first handling of a finding (前置处置时限) and that of its department; tasks may call its
-- category by code or by name.
SELECT step, valid_from, nullif(category, '') AS category, working_days, hours,
       CASE district WHEN 0 THEN 'everybodys' ELSE 'own' END AS whose
FROM deadline_rule
WHERE district IN (0, %(district)s) AND closed_at IS NULL
UNION ALL
SELECT r.step, DATE '2000-01-01', unnest(ARRAY[c.category, c.name]), r.working_days, r.hours, 'modules'
FROM task_category c,
LATERAL (VALUES
    ('department', c.department_working_days, NULL::double precision),
    ('rectify', (c.first_handling ->> 'working_days')::smallint, (c.first_handling ->> 'hours')::double precision))
    AS r (step, working_days, hours)
WHERE c.district = %(district)s AND c.closed_at IS NULL AND num_nonnulls(r.working_days, r.hours) = 1;
