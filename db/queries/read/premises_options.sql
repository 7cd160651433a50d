-- What the list of premises can be narrowed by: of each kind (category, tag, grade, status, grid) the codes that there
-- are at or below `unit` (null: all), and how many premises have each; of grids the names. The most frequent first,
-- grids in the order of the tree.
WITH seen AS MATERIALIZED (
    SELECT category, tags, risk_grade, status, grid_id FROM premises
    WHERE closed_at IS NULL AND (%(unit)s::text IS NULL OR starts_with(path || '/', %(unit)s::text || '/'))
),
counted AS (
    SELECT 'category' AS kind, category AS code, count(*) AS n FROM seen GROUP BY 2
    UNION ALL SELECT 'tag', tag, count(*) FROM seen, unnest(tags) AS tag GROUP BY 2
    UNION ALL SELECT 'grade', risk_grade, count(*) FROM seen WHERE risk_grade IS NOT NULL GROUP BY 2
    UNION ALL SELECT 'status', status, count(*) FROM seen GROUP BY 2
    UNION ALL SELECT 'grid', grid_id, count(*) FROM seen WHERE grid_id IS NOT NULL GROUP BY 2
)
SELECT c.kind, c.code, c.n, g.name, g.name_en
FROM counted c LEFT JOIN grid g ON c.kind = 'grid' AND g.grid_id = c.code
ORDER BY c.kind, g.path, CASE WHEN c.kind = 'grade' THEN c.code END, c.n DESC, c.code;
