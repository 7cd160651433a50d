-- What premises that a worker had found were rated is the risk grade of those that the register has them as (`matched`:
-- these -> the found), and so is how it came to be, unless the register names a grade of its own.
WITH handed AS (
    UPDATE premises p SET risk_grade = f.risk_grade, rated_at = f.rated_at
    FROM jsonb_each_text(%(matched)s::jsonb) AS m (registered, found)
    JOIN premises f ON f.district = %(district)s AND f.premises_id = m.found
    WHERE p.district = %(district)s AND p.premises_id = m.registered
      AND p.risk_grade IS NULL AND f.rated_at IS NOT NULL
    RETURNING p.premises_id AS registered, m.found
)
INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said, changes)
SELECT e.district, h.registered, e.at, e.event, e.actor, e.cause, e.said, e.changes
FROM handed h JOIN premises_event e ON e.district = %(district)s AND e.premises_id = h.found AND e.event = 'rated';
