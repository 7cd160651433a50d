-- The units where an account can stand, in the order of the tree: all at or below the place, the grids too.
SELECT path, depth, name, name_en FROM org_unit WHERE closed_at IS NULL AND sees(path) ORDER BY path;
