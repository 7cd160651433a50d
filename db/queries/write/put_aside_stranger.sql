-- The district does not want to hear of this stranger (`aside`), or does again; returns the name of one that there is.
WITH known AS (
    SELECT decoder, name FROM stranger
    WHERE district IN (0, %(district)s) AND decoder = %(decoder)s AND name = %(name)s LIMIT 1
), put AS (
    INSERT INTO stranger_aside (district, decoder, name, actor)
    SELECT %(district)s, decoder, name, %(actor)s FROM known WHERE %(aside)s
    ON CONFLICT DO NOTHING
), taken AS (
    DELETE FROM stranger_aside a USING known
    WHERE NOT %(aside)s AND (a.district, a.decoder, a.name) = (%(district)s, known.decoder, known.name)
)
SELECT name FROM known;
