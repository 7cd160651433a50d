-- Keep the root of a day; one that is there stays.
INSERT INTO audit_root (district, day, number, hash, signature, sealed_at)
VALUES (%(district)s, %(day)s, %(number)s, decode(%(hash)s, 'hex'), decode(%(signature)s, 'hex'), %(now)s)
ON CONFLICT DO NOTHING;
