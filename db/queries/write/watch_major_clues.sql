-- Major clues that are open, and those whose alert is.
SELECT * FROM clue_case
WHERE district = %(district)s AND severity = 'major' AND disposed_at IS NULL AND voided_at IS NULL
UNION
SELECT c.* FROM alert a JOIN clue_case c ON c.district = a.district AND c.clue_id = split_part(a.subject, ':', 2)
WHERE a.district = %(district)s AND a.rule = 'major_clue' AND a.cleared_at IS NULL;
