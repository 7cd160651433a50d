-- The squadrons (中队) that have officers, with how many.
SELECT u.path, u.name, u.name_en, count(*) AS officers
FROM org_unit u
JOIN worker w ON w.role = 'officer' AND w.closed_at IS NULL AND starts_with(w.path || '/', u.path || '/')
WHERE u.depth = 3 AND u.closed_at IS NULL
GROUP BY u.path, u.name, u.name_en
ORDER BY u.path;
