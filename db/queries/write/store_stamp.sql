-- Keep the stamp of a day's root; one that is there stays.
INSERT INTO audit_stamp (district, day, stamped_at, response)
VALUES (%(district)s, %(day)s, %(at)s, %(response)s)
ON CONFLICT DO NOTHING;
