-- How long facts that grow without end are kept. What proves the work (inspections, clues, receipts,
-- the events of tasks and alerts) is not listed, and so is kept for ever. Rows may be changed by the
-- operator; the engine's file, reapplied by `gridward migrate`, puts them into effect.
CREATE TABLE retention (
    relation text PRIMARY KEY,
    by_time  text NOT NULL,                 -- the column that tells a row's age
    keep     interval NOT NULL CHECK (keep > interval '1 day')
);
INSERT INTO retention (relation, by_time, keep) VALUES
    ('ping', 'at', '180 days'),
    ('device_event', 'at', '180 days'),
    ('rejected_message', 'received_at', '90 days');
GRANT SELECT ON retention TO gw_ingest;
