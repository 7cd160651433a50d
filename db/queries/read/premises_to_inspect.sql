-- The first `limit` premises at or below `unit` of these premises' categories, tags (any of them) and risk grades
-- (null: all) that have no open task of task category `category`; n: how many there are in all. With `due`, only those
-- in business that the category is for and whose cycle, by their grade, is over since the last visit for it (`last`),
-- or that had none; the longest waiting first. With `recorded`, only those known from records only that no visit has
-- verified, and that none is to verify; with `unfiled`, only those that owe the annual report on that year.
WITH wanted AS MATERIALIZED (  -- tasks may call it by its name
    SELECT c.name, c.target_categories, c.target_tags, c.target_grades, c.cycle_days, i.tz
    FROM task_category c CROSS JOIN district_info i
    WHERE c.category = %(category)s
),
turn AS MATERIALIZED (  -- by grade: whom nobody has visited since then is due today, in the district's time
    SELECT cycle.key AS grade,
           ((now() AT TIME ZONE w.tz)::date - cycle.value::integer + 1)::timestamp AT TIME ZONE w.tz AS since
    FROM wanted w, jsonb_each_text(w.cycle_days) AS cycle
),
visited AS MATERIALIZED (
    SELECT t.premises_id, max(coalesce(t.done_at, t.inspected_at)) AS at
    FROM task t
    WHERE %(due)s::boolean IS TRUE AND t.inspected_at IS NOT NULL
      AND t.category IN (%(category)s, (SELECT name FROM wanted))
    GROUP BY 1
),
found AS MATERIALIZED (
    SELECT q.premises_id, v.at, count(*) OVER () AS n
    FROM premises q
    LEFT JOIN turn ON turn.grade = coalesce(q.risk_grade, 'ungraded')
    LEFT JOIN visited v USING (premises_id)
    WHERE q.closed_at IS NULL
      AND (%(unit)s::text IS NULL OR starts_with(q.path || '/', %(unit)s::text || '/'))
      AND (%(categories)s::text[] IS NULL OR q.category = ANY (%(categories)s::text[]))
      AND (%(tags)s::text[] IS NULL OR q.tags && %(tags)s::text[])
      AND (%(grades)s::text[] IS NULL OR q.risk_grade = ANY (%(grades)s::text[]))
      AND q.premises_id NOT IN (
          SELECT t.premises_id FROM task t
          WHERE t.category IN (%(category)s, (SELECT name FROM wanted)) AND t.done_at IS NULL AND t.cancelled_at IS NULL)
      AND (%(recorded)s::boolean IS NOT TRUE
           OR q.recorded_at IS NOT NULL AND q.verified_at IS NULL
              AND q.premises_id NOT IN (
                  SELECT s.premises_id FROM task s
                  WHERE s.source = 'survey' AND s.done_at IS NULL AND s.cancelled_at IS NULL))
      AND (%(unfiled)s::integer IS NULL
           OR coalesce(extract(year FROM q.registered_on) <= %(unfiled)s::integer, true)
              AND q.premises_id NOT IN (SELECT a.premises_id FROM annual_report a WHERE a.year = %(unfiled)s::integer))
      AND (%(due)s::boolean IS NOT TRUE
           OR (q.status = 'in_business' AND turn.grade IS NOT NULL AND coalesce(v.at < turn.since, true)
               AND coalesce(q.category = ANY (nullif((SELECT target_categories FROM wanted), '{}')), true)
               AND coalesce(q.tags && nullif((SELECT target_tags FROM wanted), '{}'), true)
               AND coalesce(q.risk_grade, '') = ANY (coalesce(
                   nullif((SELECT target_grades FROM wanted), '{}'), ARRAY[coalesce(q.risk_grade, '')]))))
    ORDER BY v.at NULLS FIRST, q.premises_id
    LIMIT %(limit)s
)
SELECT f.premises_id, p.name, p.category, p.risk_grade, p.tags, p.address, g.name AS grid_name,
       g.name_en AS grid_name_en, f.at AT TIME ZONE i.tz AS last, f.n
FROM found f
CROSS JOIN district_info i
JOIN LATERAL (SELECT * FROM premises WHERE premises_id = f.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = p.grid_id LIMIT 1) g ON true
ORDER BY f.at NULLS FIRST, f.premises_id;
