-- How far the district's log has come; no row while there is nothing in it.
SELECT number, encode(hash, 'hex') AS hash FROM audit
WHERE district = %(district)s ORDER BY number DESC LIMIT 1;
