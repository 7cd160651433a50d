-- These files are gone; and of what has come again since there is nothing to take away.
DELETE FROM photo_gone g
WHERE g.sha256 = ANY (%(sha256s)s) OR EXISTS (SELECT FROM photo p WHERE p.sha256 = g.sha256);
