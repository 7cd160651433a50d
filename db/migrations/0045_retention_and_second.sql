-- How long facts are kept, by dated rules: from its day on a row counts, until a newer one does. Evidence is kept for
-- years, and not deleted while a case that needs it is open. Rules are everybody's: TimescaleDB drops positions by the
-- chunk, whosesoever they are.
CREATE TABLE retained (
    relation text PRIMARY KEY,
    by_time  text NOT NULL,                 -- the column that tells a row's age
    at_least interval NOT NULL              -- a shorter rule is a slip: what is gone is gone
);
INSERT INTO retained SELECT relation, by_time, '2 days' FROM retention;
INSERT INTO retained VALUES
    ('inspection', 'at', '366 days'),       -- scores of a season are compared with those of the year before
    ('visit_evidence', 'ended', '366 days'),    -- with it goes photo_use: which visits a photo was proof of
    ('visit_appeal', 'at', '366 days'),
    ('receipt', 'at', '366 days'),
    ('photo', 'received_at', '90 days'),    -- with it go photo_exif, and the file
    ('track_look', 'at', '366 days')
ON CONFLICT DO NOTHING;

ALTER TABLE retention
    DROP COLUMN by_time,
    ADD COLUMN valid_from date NOT NULL DEFAULT DATE '2000-01-01',
    ADD COLUMN actor text NOT NULL DEFAULT 'gridward',
    ADD COLUMN set_at timestamptz NOT NULL DEFAULT now(),
    ALTER COLUMN keep DROP NOT NULL,        -- null: for ever
    DROP CONSTRAINT retention_pkey,
    ADD PRIMARY KEY (relation, valid_from),
    ADD FOREIGN KEY (relation) REFERENCES retained;
ALTER TABLE retention ALTER COLUMN valid_from DROP DEFAULT, ALTER COLUMN actor DROP DEFAULT;
INSERT INTO retention (relation, keep, valid_from, actor) VALUES
    ('inspection', '1826 days', '2000-01-01', 'gridward'),
    ('visit_evidence', '1826 days', '2000-01-01', 'gridward'),
    ('visit_appeal', '1826 days', '2000-01-01', 'gridward'),
    ('receipt', '1826 days', '2000-01-01', 'gridward'),
    ('photo', '730 days', '2000-01-01', 'gridward'),
    ('track_look', '1096 days', '2000-01-01', 'gridward')
ON CONFLICT DO NOTHING;

-- Rows of the relation from this instant on are kept at `at`, by the rule in force then; '-infinity': all. A day begins
-- when it has begun in every district.
CREATE FUNCTION kept_since(relation text, at timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce((
        SELECT at - r.keep FROM retention r
        WHERE r.relation = kept_since.relation
          AND r.valid_from <= coalesce((SELECT min((at AT TIME ZONE d.tz)::date) FROM district d),
                                       (at AT TIME ZONE 'UTC')::date)
        ORDER BY r.valid_from DESC LIMIT 1), '-infinity')
$$;

-- Photos of which no row is left, and the file still lies there: ingest takes it away.
CREATE TABLE photo_gone (sha256 text PRIMARY KEY);
-- Until when evidence has been deleted: no period that begins before is scored again.
CREATE TABLE evidence_gone (
    district integer PRIMARY KEY,
    until    timestamptz NOT NULL
);
GRANT SELECT ON retained, evidence_gone TO gw_ingest;
GRANT SELECT, DELETE ON photo_gone TO gw_ingest;
CREATE INDEX photo_received ON photo (district, received_at);
CREATE INDEX photo_sha256 ON photo (sha256);
CREATE INDEX photo_use_visit ON photo_use (district, worker_id, id);
CREATE INDEX visit_appeal_at ON visit_appeal (district, at);

-- Visits whose task is not closed yet.
CREATE VIEW visit_of_open_task AS
    SELECT i.district, i.worker_id, i.id
    FROM inspection i JOIN task t USING (district, task_id)
    WHERE t.closed_at IS NULL AND t.cancelled_at IS NULL;

-- What the cases of a district that are still open are about: 'visit:W1:m7' and 'premises:P1' of incidents that have not
-- ended, and visits that are still to be weighed.
CREATE FUNCTION open_cases(one integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT a.subject FROM incident i JOIN alert a USING (district, incident_id)
        WHERE i.district = one AND i.ended_at IS NULL
          AND (starts_with(a.subject, 'visit:') OR starts_with(a.subject, 'premises:'))
        UNION
        SELECT 'visit:' || worker_id || ':' || id FROM visit_evidence WHERE district = one AND due_at IS NOT NULL)
$$;

-- Delete what evidence has outlived the rules in force at `at` (now at the latest) and no open case needs, `slice` rows at
-- most of each table of a district. Keys hold the phones' own clocks, which are a day ahead at most. Each call is planned
-- for its own days, so that only old chunks are looked at.
CREATE FUNCTION forget_evidence(slice integer, at timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    one   integer;
    cases text[];
    total bigint := 0;
BEGIN
    at := least(at, now());
    FOR one IN SELECT d.district FROM district d LOOP
        cases := open_cases(one);
        total := total + forget_receipts(one, kept_since('receipt', at), slice, cases)
                       + forget_photos(one, kept_since('photo', at), slice, cases)
                       + forget_visits(one, kept_since('visit_evidence', at), slice, cases)
                       + forget_inspections(one, kept_since('inspection', at), slice, cases)
                       + forget_said(one, kept_since('visit_appeal', at), kept_since('track_look', at), slice, cases);
    END LOOP;
    RETURN total;
END $$;

CREATE FUNCTION forget_receipts(one integer, kept_from timestamptz, slice integer, cases text[]) RETURNS bigint
    LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE gone bigint := 0;
BEGIN
    IF isfinite(kept_from) THEN
        DELETE FROM receipt WHERE ts < kept_from + interval '2 days' AND (district, device_id, ts, id) IN (
            SELECT r.district, r.device_id, r.ts, r.id FROM receipt r
            WHERE r.district = one AND r.at < kept_from AND r.ts < kept_from + interval '2 days'
              AND NOT EXISTS (
                  SELECT FROM device o
                  JOIN inspection i ON i.district = o.district AND i.worker_id = o.worker_id
                                   AND i.ts BETWEEN r.ts - interval '1 day' AND r.ts + interval '1 day'
                  WHERE o.district = r.district AND o.device_id = r.device_id
                    AND scoped.is_paper_of(r.inspection_id, r.number, r.at, i.id, i.receipt_no, i.started, i.ended)
                        IS NOT NULL
                    AND ('visit:' || i.worker_id || ':' || i.id = ANY (cases) OR 'premises:' || i.premises_id = ANY (cases)
                         OR EXISTS (SELECT FROM visit_of_open_task v
                                    WHERE (v.district, v.worker_id, v.id) = (i.district, i.worker_id, i.id))))
            LIMIT slice);
        GET DIAGNOSTICS gone = ROW_COUNT;
    END IF;
    RETURN gone;
END $$;

-- Also kept are photos of clues that are still to be disposed of.
CREATE FUNCTION forget_photos(one integer, kept_from timestamptz, slice integer, cases text[]) RETURNS bigint
    LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    clues text[];
    lost  text[];
BEGIN
    IF NOT EXISTS (SELECT FROM photo p WHERE p.district = one AND p.received_at < kept_from) THEN
        RETURN 0;
    END IF;
    clues := ARRAY(SELECT DISTINCT r.value ->> 'sha256'
                   FROM clue_case k JOIN clue c USING (district, worker_id, ts, id)
                   CROSS JOIN jsonb_array_elements(c.photos) AS r
                   WHERE k.district = one AND k.disposed_at IS NULL AND k.voided_at IS NULL);
    WITH old AS (
        DELETE FROM photo WHERE (district, worker_id, sha256) IN (
            SELECT p.district, p.worker_id, p.sha256 FROM photo p
            WHERE p.district = one AND p.received_at < kept_from AND p.sha256 <> ALL (clues)
              AND NOT EXISTS (
                  SELECT FROM photo_use u
                  WHERE u.district = p.district AND u.sha256 = p.sha256
                    AND ('visit:' || u.worker_id || ':' || u.id = ANY (cases) OR 'premises:' || u.premises_id = ANY (cases)
                         OR EXISTS (SELECT FROM visit_of_open_task v
                                    WHERE (v.district, v.worker_id, v.id) = (u.district, u.worker_id, u.id))))
            LIMIT slice)
        RETURNING sha256
    )
    SELECT array_agg(sha256) INTO lost FROM old;
    DELETE FROM photo_exif x
    WHERE x.district = one AND x.sha256 = ANY (lost)
      AND NOT EXISTS (SELECT FROM photo p WHERE p.district = one AND p.sha256 = x.sha256);
    INSERT INTO photo_gone
        SELECT DISTINCT s FROM unnest(lost) AS s WHERE NOT EXISTS (SELECT FROM photo p WHERE p.sha256 = s)
        ON CONFLICT DO NOTHING;
    RETURN coalesce(cardinality(lost), 0);
END $$;

CREATE FUNCTION forget_visits(one integer, kept_from timestamptz, slice integer, cases text[]) RETURNS bigint
    LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE gone bigint;
BEGIN
    WITH lost AS (
        DELETE FROM visit_evidence WHERE (district, worker_id, ts, id) IN (
            SELECT e.district, e.worker_id, e.ts, e.id FROM visit_evidence e
            WHERE e.district = one AND e.ended < kept_from
              AND 'visit:' || e.worker_id || ':' || e.id <> ALL (cases) AND 'premises:' || e.premises_id <> ALL (cases)
              AND NOT EXISTS (SELECT FROM visit_of_open_task v
                              WHERE (v.district, v.worker_id, v.id) = (e.district, e.worker_id, e.id))
            LIMIT slice)
        RETURNING worker_id, id, ended
    ), used AS (
        DELETE FROM photo_use u USING lost
        WHERE u.district = one AND u.worker_id = lost.worker_id AND u.id = lost.id
    ), noted AS (
        INSERT INTO evidence_gone AS g (district, until)
        SELECT one, max(ended) FROM lost HAVING count(*) > 0
        ON CONFLICT (district) DO UPDATE SET until = greatest(g.until, EXCLUDED.until)
    )
    SELECT count(*) INTO gone FROM lost;
    RETURN gone;
END $$;

CREATE FUNCTION forget_inspections(one integer, kept_from timestamptz, slice integer, cases text[]) RETURNS bigint
    LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE gone bigint := 0;
BEGIN
    IF isfinite(kept_from) THEN
        DELETE FROM inspection WHERE ts < kept_from + interval '2 days' AND (district, worker_id, ts, id) IN (
            SELECT i.district, i.worker_id, i.ts, i.id FROM inspection i
            WHERE i.district = one AND i.at < kept_from AND i.ts < kept_from + interval '2 days'
              AND 'visit:' || i.worker_id || ':' || i.id <> ALL (cases) AND 'premises:' || i.premises_id <> ALL (cases)
              AND NOT EXISTS (SELECT FROM task t WHERE t.district = i.district AND t.task_id = i.task_id
                                AND t.closed_at IS NULL AND t.cancelled_at IS NULL)
            LIMIT slice);
        GET DIAGNOSTICS gone = ROW_COUNT;
    END IF;
    RETURN gone;
END $$;

-- What workers said about their visits, and who looked at their tracks.
CREATE FUNCTION forget_said(one integer, appeals_from timestamptz, looks_from timestamptz, slice integer, cases text[])
    RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    appeals bigint;
    looks   bigint;
BEGIN
    DELETE FROM visit_appeal WHERE (district, worker_id, ts, id) IN (
        SELECT a.district, a.worker_id, a.ts, a.id FROM visit_appeal a
        WHERE a.district = one AND a.at < appeals_from AND 'visit:' || a.worker_id || ':' || a.visit_id <> ALL (cases)
        LIMIT slice);
    GET DIAGNOSTICS appeals = ROW_COUNT;
    DELETE FROM track_look WHERE (district, look_id, worker_id) IN (
        SELECT l.district, l.look_id, l.worker_id FROM track_look l
        WHERE l.district = one AND l.at < looks_from LIMIT slice);
    GET DIAGNOSTICS looks = ROW_COUNT;
    RETURN appeals + looks;
END $$;

REVOKE ALL ON FUNCTION open_cases, forget_evidence, forget_receipts, forget_photos, forget_visits, forget_inspections,
    forget_said FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_evidence TO gw_ingest;
DROP FUNCTION IF EXISTS forget_old_facts(integer);

-- Pages say of a photo that it is no longer kept, and do not wait for it.
CREATE OR REPLACE FUNCTION scoped.photo_refs(whose text, refs jsonb, tz text) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object(
               'sha256', r.value ->> 'sha256',
               'taken', CASE WHEN t.taken IS NOT NULL
                    THEN to_char(t.taken AT TIME ZONE tz, 'YYYY-MM-DD HH24:MI:SS') END,
               'received', EXISTS (SELECT FROM scoped.photo p
                                   WHERE p.worker_id = whose AND p.sha256 = r.value ->> 'sha256'),
               'forgotten', coalesce(t.taken < public.kept_since('photo', now()), false))
               ORDER BY r.ordinality)
    FROM jsonb_array_elements(refs) WITH ORDINALITY AS r
    CROSS JOIN LATERAL (
        SELECT CASE WHEN (r.value ->> 'taken')::bigint BETWEEN 0 AND 4102444800000  -- the year 2100
               THEN to_timestamp((r.value ->> 'taken')::bigint / 1000.0) END AS taken) t
$$;

-- Tasks of some categories are not to be carried out alone.
ALTER TABLE task_category ADD COLUMN second text CHECK (second IN ('anybody', 'officer'));   -- null: alone will do
CREATE OR REPLACE VIEW scoped.task_category WITH (security_barrier) AS
    SELECT * FROM public.task_category WHERE district = scoped.district();
