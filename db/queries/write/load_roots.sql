-- The daily roots of a district's log.
SELECT district, day, number, encode(hash, 'hex') AS hash, encode(signature, 'hex') AS signature
FROM audit_root WHERE district = %(district)s ORDER BY day;
