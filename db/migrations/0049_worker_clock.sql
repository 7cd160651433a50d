-- How far a phone's clock is off, for the page of devices: the view had been made before that column.
CREATE OR REPLACE VIEW scoped.worker_state WITH (security_barrier) AS
    SELECT s.* FROM public.worker_state s JOIN public.worker w USING (district, worker_id)
    WHERE s.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
