-- Out of the quarantine with what was taken in; whoever has nothing left there is no stranger any more.
WITH taken AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(district integer, decoder text, name text, id text)
), gone AS (
    DELETE FROM quarantine q USING taken t
    WHERE (q.district, q.decoder, q.name, q.id) = (t.district, t.decoder, t.name, t.id)
)
DELETE FROM stranger s USING (SELECT DISTINCT district, decoder, name FROM taken) t
WHERE (s.district, s.decoder, s.name) = (t.district, t.decoder, t.name)
  AND NOT EXISTS (SELECT FROM quarantine q
                  WHERE (q.district, q.decoder, q.name) = (s.district, s.decoder, s.name)
                    AND NOT EXISTS (SELECT FROM taken t
                                    WHERE (q.district, q.decoder, q.name, q.id) = (t.district, t.decoder, t.name, t.id)));
