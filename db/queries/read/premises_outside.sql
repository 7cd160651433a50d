-- Premises outside every grid: nobody looks after them until their coordinates, or the grids, are put right.
SELECT premises_id, name, address, lon, lat
FROM premises
WHERE grid_id IS NULL AND closed_at IS NULL
ORDER BY known_since DESC, premises_id
LIMIT %(limit)s;
