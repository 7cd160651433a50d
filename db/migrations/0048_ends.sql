-- Community terminals, traceability scanners and patrol vehicles.

-- A scan, and what the public says at a terminal, may name premises; a scan names the batch: its event is the verdict, its
-- text the product.
ALTER TABLE device_event
    ADD COLUMN premises_id text,
    ADD COLUMN batch text;
CREATE INDEX device_event_premises ON device_event (district, premises_id, at) WHERE premises_id IS NOT NULL;

CREATE OR REPLACE VIEW scoped.device_event WITH (security_barrier) AS
    SELECT e.* FROM public.device_event e
    LEFT JOIN public.device d USING (district, device_id)
    LEFT JOIN public.worker w ON w.district = e.district AND w.worker_id = e.device_id
    WHERE e.district = scoped.district() AND scoped.sees(coalesce(d.path, w.path));

-- Complaints and reports are clues, too: of a terminal (device_id) instead of a worker. Of these there is no row in `clue`;
-- ts and id are the key of the row in `device_event`.
ALTER TABLE clue_case
    ALTER COLUMN worker_id DROP NOT NULL,
    ADD COLUMN device_id text,
    ADD CONSTRAINT clue_case_reporter CHECK (num_nonnulls(worker_id, device_id) = 1);

CREATE OR REPLACE VIEW scoped.clue_case WITH (security_barrier) AS
    SELECT * FROM public.clue_case
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

-- What says nothing of its subject: complaints (投诉) go to consumer protection, reports (举报) to enforcement. Words of
-- the premises' registration stand before that.
INSERT INTO clue_route (district, kind, industry, keyword, department_id, priority, valid_from) VALUES
    (0, 'complaint', '', '', 'consumer', 5, DATE '2000-01-01'),
    (0, 'report', '', '', 'enforcement', 5, DATE '2000-01-01');
