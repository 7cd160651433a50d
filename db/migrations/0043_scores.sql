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

-- Days of which something has changed since they were counted. Rows are only put and taken, never looked for: whoever
-- writes facts waits for nobody.
CREATE TABLE score_stale (
    stale_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district integer NOT NULL,
    day      date NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON score, score_stale TO gw_ingest;
GRANT SELECT, INSERT, UPDATE ON score_weight TO gw_ingest;

CREATE VIEW scoped.score WITH (security_barrier) AS
    SELECT * FROM public.score
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.score_weight WITH (security_barrier) AS
    SELECT * FROM public.score_weight WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
GRANT SELECT ON scoped.score, scoped.score_weight TO gw_dashboard;
