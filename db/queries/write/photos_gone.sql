-- Photos whose files are to be taken away, some at a time; not those that have come again since.
SELECT sha256 FROM photo_gone g
WHERE NOT EXISTS (SELECT FROM photo p WHERE p.sha256 = g.sha256)
LIMIT %(limit)s;
