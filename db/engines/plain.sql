-- An ordinary PostgreSQL: facts are append-only in time, so a block-range index finds a period
-- cheaply. Reapplied after every migration.
CREATE INDEX IF NOT EXISTS ping_at ON ping USING brin (at);
CREATE INDEX IF NOT EXISTS inspection_at ON inspection USING brin (at);
CREATE INDEX IF NOT EXISTS clue_at ON clue USING brin (at);
CREATE INDEX IF NOT EXISTS device_event_at ON device_event USING brin (at);
CREATE INDEX IF NOT EXISTS receipt_at ON receipt USING brin (at);
