-- The base survey by the units right below `unit` (null: the highest in sight) with `text` in their name (null: any):
-- of the premises known from records only, those that were pushed to workers, that one of them has claimed, and
-- that a visit has verified.
WITH pushed AS MATERIALIZED (
    SELECT premises_id, bool_or(received_at IS NOT NULL OR inspected_at IS NOT NULL) AS claimed
    FROM task WHERE source = 'survey' AND cancelled_at IS NULL
    GROUP BY 1
), below AS MATERIALIZED (
    SELECT length(path) - length(replace(path, '/', '')) + 2 AS depth, path
    FROM (SELECT coalesce(%(unit)s::text, current_setting('gridward.path')) AS path) given
), found AS (
    SELECT array_to_string((string_to_array(p.path, '/'))[:least(a.depth, 5)], '/') AS path, count(*) AS recorded,
           count(*) FILTER (WHERE s.premises_id IS NOT NULL OR p.verified_at IS NOT NULL) AS pushed,
           count(*) FILTER (WHERE s.claimed OR p.verified_at IS NOT NULL) AS claimed,
           count(p.verified_at) AS verified
    FROM below a CROSS JOIN premises p LEFT JOIN pushed s ON s.premises_id = p.premises_id
    WHERE p.recorded_at IS NOT NULL AND p.closed_at IS NULL AND starts_with(p.path || '/', a.path || '/')
    GROUP BY 1
)
SELECT u.path, u.name, u.name_en, u.level, coalesce(f.recorded, 0) AS recorded, coalesce(f.pushed, 0) AS pushed,
       coalesce(f.claimed, 0) AS claimed, coalesce(f.verified, 0) AS verified
FROM org_unit u CROSS JOIN below a LEFT JOIN found f ON f.path = u.path
WHERE u.closed_at IS NULL AND u.depth = least(a.depth, 5) AND starts_with(u.path || '/', a.path || '/')
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN lower(concat_ws(' ', u.name, u.name_en))) > 0)
ORDER BY u.path
LIMIT %(limit)s;
