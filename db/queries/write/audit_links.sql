-- The rows of a district's log, in their order.
SELECT district, number, at, actor, act, subject, params, encode(prev, 'hex') AS prev, encode(hash, 'hex') AS hash
FROM audit WHERE district = %(district)s ORDER BY number;
