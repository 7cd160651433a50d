-- The first `limit` premises at or below `unit` of these premises' categories, tags (any of them) and risk grades
-- (null: all) that have no open task of task category `category`; n: how many there are in all.
SELECT p.premises_id, p.name, p.category, p.risk_grade, p.tags, p.address, g.name AS grid_name,
       g.name_en AS grid_name_en, p.n
FROM (SELECT q.*, count(*) OVER () AS n
      FROM premises q
      WHERE q.closed_at IS NULL
        AND (%(unit)s::text IS NULL OR starts_with(q.path || '/', %(unit)s::text || '/'))
        AND (%(categories)s::text[] IS NULL OR q.category = ANY (%(categories)s::text[]))
        AND (%(tags)s::text[] IS NULL OR q.tags && %(tags)s::text[])
        AND (%(grades)s::text[] IS NULL OR q.risk_grade = ANY (%(grades)s::text[]))
        AND q.premises_id NOT IN (
            SELECT t.premises_id FROM task t
            WHERE t.category = %(category)s AND t.done_at IS NULL AND t.cancelled_at IS NULL)
      ORDER BY q.premises_id
      LIMIT %(limit)s) p
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = p.grid_id LIMIT 1) g ON true
ORDER BY p.premises_id;
