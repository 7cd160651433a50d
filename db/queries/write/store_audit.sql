-- Add rows to the log, which follow the last one.
INSERT INTO audit (district, number, at, actor, act, subject, params, prev, hash)
SELECT district, number, at, actor, act, subject, params, decode(prev, 'hex'), decode(hash, 'hex')
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, number bigint, at timestamptz, actor text, act text, subject text, params jsonb, prev text, hash text);
