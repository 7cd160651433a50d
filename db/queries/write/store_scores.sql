-- The scores of a period as they are now: those that came to something else are written, those that are no more go.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        level text, subject text, path text, points real, low real, high real, first integer, last integer,
        peers integer, parts jsonb, left_out jsonb, gaming jsonb, traits jsonb)
), kept AS (
    INSERT INTO score (district, span, begins, level, subject, path, points, low, high, first, last, peers, parts,
                       left_out, gaming, traits, counted_at)
    SELECT %(district)s, %(span)s, %(begins)s, level, subject, path, points, low, high, first, last, peers, parts,
           left_out, gaming, traits, %(now)s
    FROM incoming
    ON CONFLICT (district, span, begins, level, subject) DO UPDATE SET
        path = EXCLUDED.path, points = EXCLUDED.points, low = EXCLUDED.low, high = EXCLUDED.high,
        first = EXCLUDED.first, last = EXCLUDED.last, peers = EXCLUDED.peers, parts = EXCLUDED.parts,
        left_out = EXCLUDED.left_out, gaming = EXCLUDED.gaming, traits = EXCLUDED.traits,
        counted_at = EXCLUDED.counted_at
    WHERE (score.path, score.points, score.low, score.high, score.first, score.last, score.peers, score.parts,
           score.left_out, score.gaming, score.traits)
        IS DISTINCT FROM (EXCLUDED.path, EXCLUDED.points, EXCLUDED.low, EXCLUDED.high, EXCLUDED.first, EXCLUDED.last,
                          EXCLUDED.peers, EXCLUDED.parts, EXCLUDED.left_out, EXCLUDED.gaming, EXCLUDED.traits)
), counted AS (
    INSERT INTO score_period (district, span, begins, counted_at)
    VALUES (%(district)s, %(span)s, %(begins)s, %(now)s)
    ON CONFLICT (district, span, begins) DO UPDATE SET counted_at = EXCLUDED.counted_at
)
DELETE FROM score s
WHERE s.district = %(district)s AND s.span = %(span)s AND s.begins = %(begins)s
  AND NOT EXISTS (SELECT FROM incoming i WHERE i.level = s.level AND i.subject = s.subject);
