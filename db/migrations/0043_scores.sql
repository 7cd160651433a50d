-- Scores (考核评价): what people's and units' work of a period comes to (ingest/domain/scoring.py), counted by ingest from
-- the facts and again whenever these change, also after the period is over.

CREATE TABLE score (
    district   integer NOT NULL,
    span       text NOT NULL CHECK (span IN ('day', 'week', 'month', 'season')),
    begins     date NOT NULL,               -- the district's first day of it; weeks begin on Mondays, seasons in January,
                                            -- April, July and October
    level      text NOT NULL CHECK (level IN ('bureau', 'station', 'squadron', 'section', 'grid', 'worker')),
    subject    text NOT NULL,               -- the unit's path, or the worker_id
    path       text NOT NULL,               -- the unit's, or the worker's
    points     real CHECK (points BETWEEN 0 AND 100),   -- null: too little was done to say
    low        real,                        -- between `low` and `high` it lies with 95 %
    high       real,
    first      integer,                     -- the places that it may have among `peers` of its level: whose intervals
    last       integer,                     -- overlap are level
    peers      integer NOT NULL,            -- how many of them have points
    parts      jsonb NOT NULL,              -- what each indicator said (Part in scoring.py), in their order
    left_out   jsonb NOT NULL,              -- how many items do not count, by why: suspended, appealed
    gaming     jsonb NOT NULL,              -- how many look like gaming, by how: late_suspended, late_cancelled, split
    traits     jsonb NOT NULL,              -- what it is adjusted for: load, area_km2, high_risk
    counted_at timestamptz NOT NULL,        -- when it last came to something else than before
    PRIMARY KEY (district, span, begins, level, subject)
) WITH (fillfactor = 80);
CREATE INDEX score_subject ON score (district, level, subject, span, begins);

-- How much each indicator weighs, and how many items it needs to be counted. Rows of district 0 are everybody's; a
-- district's own stand before them. A period is weighed by the rows that are valid on its first day.
CREATE TABLE score_weight (
    district   integer NOT NULL,            -- 0: everybody's
    indicator  text NOT NULL CHECK (indicator IN (
        'on_time', 'closure', 'coverage', 'valid_clues', 'patrol', 'no_rework', 'truth')),
    weight     double precision NOT NULL CHECK (weight BETWEEN 0 AND 1000),
    minimum    integer NOT NULL CHECK (minimum BETWEEN 1 AND 100000),
    valid_from date NOT NULL,               -- from this day of the district on, until a newer one is
    closed_at  timestamptz,
    PRIMARY KEY (district, indicator, valid_from)
);
INSERT INTO score_weight (district, indicator, weight, minimum, valid_from)
SELECT 0, indicator, weight, minimum, DATE '2000-01-01' FROM (VALUES
    ('on_time', 25, 5), ('closure', 15, 5), ('coverage', 10, 5), ('valid_clues', 10, 3), ('patrol', 10, 5),
    ('no_rework', 10, 5), ('truth', 20, 5)) AS everybodys (indicator, weight, minimum);

-- Which periods have been counted, and when last; one is over some hours after its last day, since phones are late.
CREATE TABLE score_period (
    district   integer NOT NULL,
    span       text NOT NULL,
    begins     date NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (district, span, begins)
);

-- Days whose facts have changed, and days to come on which tasks fall due. Rows are only put and taken, never looked
-- for: whoever writes facts waits for nobody.
CREATE TABLE score_stale (
    mark     uuid NOT NULL DEFAULT gen_random_uuid(),   -- no key: whatever befalls a sequence, no fact is refused by it
    district integer NOT NULL,
    day      date NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON score, score_period, score_stale TO gw_ingest;
GRANT SELECT, INSERT, UPDATE ON score_weight TO gw_ingest;

CREATE VIEW scoped.score WITH (security_barrier) AS
    SELECT * FROM public.score
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.score_weight WITH (security_barrier) AS
    SELECT * FROM public.score_weight WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
GRANT SELECT ON scoped.score, scoped.score_weight TO gw_dashboard;

-- What marks them, whoever writes: an item counts on the day of a task's `owed_from`, of a clue's report, of a visit's end,
-- of a patrol's hour.
CREATE FUNCTION score_stale_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day) SELECT DISTINCT district, (owed_from AT TIME ZONE tz)::date FROM now_so;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO score_stale (district, day)
        SELECT DISTINCT w.district, (w.owed_from AT TIME ZONE w.tz)::date
        FROM was_so w JOIN now_so n USING (district, task_id) WHERE w.owed_from <> n.owed_from;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_launched AFTER INSERT ON task REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_task();
CREATE TRIGGER score_stale_changed AFTER UPDATE ON task REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_task();

CREATE FUNCTION score_stale_clue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day)
    SELECT DISTINCT n.district, (n.reported_at AT TIME ZONE d.tz)::date FROM now_so n JOIN district d USING (district);
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_reported AFTER INSERT ON clue_case REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_clue();
CREATE TRIGGER score_stale_changed AFTER UPDATE ON clue_case REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_clue();

CREATE FUNCTION score_stale_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day)
    SELECT DISTINCT n.district, (n.ended AT TIME ZONE d.tz)::date FROM now_so n JOIN district d USING (district);
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_visited AFTER INSERT ON visit_evidence REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_visit();
CREATE TRIGGER score_stale_changed AFTER UPDATE ON visit_evidence REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_visit();

CREATE FUNCTION score_stale_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day)
    SELECT DISTINCT n.district, (e.ended AT TIME ZONE d.tz)::date
    FROM now_so n JOIN district d USING (district)
    JOIN visit_evidence e ON e.district = n.district AND e.worker_id = n.worker_id AND e.id = n.visit_id;
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_appealed AFTER INSERT ON visit_appeal REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_appeal();

CREATE FUNCTION score_stale_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day)
    SELECT DISTINCT n.district, (a.raised_at AT TIME ZONE d.tz)::date
    FROM now_so n JOIN district d USING (district)
    JOIN alert a ON a.district = n.district AND a.incident_id = n.incident_id
    WHERE n.rule = 'visit_doubtful';
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_decided AFTER UPDATE ON incident REFERENCING NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION score_stale_incident();

-- Today's hours are counted all the time; only those of before wake anything.
CREATE FUNCTION score_stale_patrol() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO score_stale (district, day)
    SELECT d.district, (NEW.hour AT TIME ZONE d.tz)::date FROM district d WHERE d.district = NEW.district;
    RETURN NULL;
END $$;
CREATE TRIGGER score_stale_patrolled AFTER INSERT OR UPDATE ON ping_hourly FOR EACH ROW
    WHEN (NEW.hour < now() - interval '2 hours') EXECUTE FUNCTION score_stale_patrol();
CREATE INDEX ping_hourly_hour ON ping_hourly USING brin (hour);

-- What has happened so far is counted at the first start.
INSERT INTO score_stale (district, day)
    SELECT district, (owed_from AT TIME ZONE tz)::date FROM task
    UNION SELECT c.district, (c.reported_at AT TIME ZONE d.tz)::date FROM clue_case c JOIN district d USING (district)
    UNION SELECT e.district, (e.ended AT TIME ZONE d.tz)::date FROM visit_evidence e JOIN district d USING (district);
