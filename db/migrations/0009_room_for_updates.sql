-- Rows that every batch rewrites: with room on their pages, a new version stays beside the old one and
-- the index need not learn of it (HOT). Existing pages keep their fill until they are rewritten.
ALTER TABLE worker_state SET (fillfactor = 40);
ALTER TABLE device_state SET (fillfactor = 40);
ALTER TABLE ping_hourly SET (fillfactor = 60);
