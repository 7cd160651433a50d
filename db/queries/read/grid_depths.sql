-- How deep in the org tree the open grids lie: one depth, as a rule.
SELECT DISTINCT cardinality(string_to_array(path, '/')) AS depth FROM grid WHERE closed_at IS NULL ORDER BY 1;
