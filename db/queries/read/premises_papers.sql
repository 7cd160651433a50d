-- The licences of premises `id`, one row a kind that they need or have: lamp as in read/premises, and since when they
-- have had one of the kind.
SELECT c.kind, c.needed, c.number, c.valid_from, c.valid_to,
       licence_lamp(c.valid, c.number IS NOT NULL, c.valid_to, c.today, 60) AS lamp,
       (SELECT min(l.valid_from) FROM licence l WHERE l.premises_id = c.premises_id AND l.kind = c.kind) AS since
FROM licence_paper c
WHERE c.premises_id = %(id)s
ORDER BY c.needed, c.kind;
