-- Somebody wants to know what a threshold would have meant; wake who plays it.
WITH asked AS (
    INSERT INTO preview (district, preview_id, name, value, days, actor)
    VALUES (%(district)s, %(preview_id)s, %(name)s, %(value)s, %(days)s, %(actor)s)
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('gridward_preview', %(district)s::text);
