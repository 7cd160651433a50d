-- Have a deed that is no order written down in the log of a district, or of all (null), in the deed's own transaction.
WITH noted AS (
    INSERT INTO command (district, command_id, kind, payload, actor)
    SELECT district, 'deed-' || gen_random_uuid(), 'note_deed', %(payload)s::jsonb, %(actor)s
    FROM district WHERE %(district)s::integer IS NULL OR district = %(district)s::integer
    RETURNING district
)
SELECT pg_notify('gridward_command', district::text) FROM noted;
