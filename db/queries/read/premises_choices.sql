-- What premises can be chosen by: their categories and their tags, the most frequent first.
SELECT 'category' AS kind, category AS code, count(*) AS n FROM premises WHERE closed_at IS NULL GROUP BY 2
UNION ALL
SELECT 'tag', tag, count(*) FROM premises, unnest(tags) AS tag WHERE closed_at IS NULL GROUP BY 2
ORDER BY 1, 3 DESC, 2;
