-- The units that a list can be narrowed to, in the order of the tree: all above the grids.
SELECT u.path, u.depth, u.name, u.name_en, u.level
FROM org_unit u
WHERE u.depth < 5 AND u.closed_at IS NULL AND sees(u.path)
ORDER BY u.path;
