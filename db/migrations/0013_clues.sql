-- What is to be done about clues (线索): a case's events are the truth (ingest/domain/clue_replay.py), its row is
-- how it stands after them. What the worker reported stays in `clue`.

CREATE TABLE clue_case (
    district      integer NOT NULL,
    clue_id       text NOT NULL,            -- made from worker_id, ts and id (ingest/domain/clue.py)
    worker_id     text NOT NULL,            -- these three are the key of the row in `clue`
    ts            timestamptz NOT NULL,
    id            text NOT NULL,
    kind          text NOT NULL,
    severity      severity NOT NULL,
    text          text NOT NULL,
    industry      text,
    premises_id   text,
    lon           double precision NOT NULL,
    lat           double precision NOT NULL,
    grid_id       text,
    path          text NOT NULL,            -- the grid's; outside every grid the worker's
    reported_at   timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'reported' CHECK (state IN (
        'reported',     -- -> routed (ordinary) | dispatched (major)
        'routed',       -- with a department
        'dispatched',   -- a command centre is called; -> dispatched to the next level
        'received',     -- any of these three -> disposed | returned
        'returned',     -- not theirs; -> routed anew
        'disposed',
        'invalid')),    -- from any but disposed
    department_id text,
    routed_by     text[] NOT NULL DEFAULT '{}', -- what decided: kind, industry, keyword; bureau: nothing fitted; hand
    routed_at     timestamptz,
    due_at        timestamptz,
    due_provisional boolean NOT NULL DEFAULT false,
    level         text CHECK (level IN ('village', 'town', 'city')),  -- the command centre called last
    called_at     timestamptz,
    answer_due_at timestamptz,              -- then the next level is called; null: nobody is waited for
    received_at   timestamptz,
    received_by   text,
    returned_by   text[] NOT NULL DEFAULT '{}',
    disposed_at   timestamptz,
    disposed_by   text,
    outcome       text,                     -- what was done, or why it is invalid
    voided_at     timestamptz,
    PRIMARY KEY (district, clue_id)
);
CREATE INDEX clue_case_reported ON clue_case (district, reported_at);
CREATE INDEX clue_case_due ON clue_case (district, due_at) WHERE disposed_at IS NULL AND voided_at IS NULL;
CREATE INDEX clue_case_waiting ON clue_case (district, clue_id) WHERE state IN ('reported', 'returned');
CREATE INDEX clue_case_called ON clue_case (district, answer_due_at) WHERE state = 'dispatched';
CREATE INDEX clue_case_major ON clue_case (district, clue_id)
    WHERE severity = 'major' AND disposed_at IS NULL AND voided_at IS NULL;
CREATE INDEX clue_case_provisional ON clue_case (district, clue_id)
    WHERE due_provisional AND disposed_at IS NULL AND voided_at IS NULL;

CREATE TABLE clue_event (
    district  integer NOT NULL,
    clue_id   text NOT NULL,
    at        timestamptz NOT NULL,
    event     text NOT NULL,
    state     text NOT NULL,                -- the state after it, as known when stored
    actor     text NOT NULL,
    cause     text NOT NULL,                -- the message's or the order's id
    params    jsonb NOT NULL DEFAULT '{}',  -- department, deadline, level, words ... (ClueDetails in clue.py)
    irregular text,                         -- a code: why it did not count; as known when stored
    PRIMARY KEY (district, clue_id, at, event, cause)
);

-- Which department a clue goes to. Rows of district 0 are everybody's; a district's own stand before them. A row
-- fits when all that it names does: the clue's kind and industry, a keyword in the premises' registration.
CREATE TABLE clue_route (
    district      integer NOT NULL,         -- 0: everybody's
    kind          text NOT NULL DEFAULT '', -- '': whichever
    industry      text NOT NULL DEFAULT '',
    keyword       text NOT NULL DEFAULT '',
    department_id text NOT NULL,
    priority      smallint NOT NULL DEFAULT 0,
    valid_from    date NOT NULL,            -- from this day of the district on, until a newer one is
    closed_at     timestamptz,
    PRIMARY KEY (district, kind, industry, keyword, valid_from),
    CHECK (kind || industry || keyword <> '')
);

-- Kinds of danger before industries, these before keywords. A row whose department a district has not is passed over.
INSERT INTO clue_route (district, kind, industry, keyword, department_id, priority, valid_from)
SELECT 0, kind, industry, keyword, department_id, priority, DATE '2000-01-01' FROM (VALUES
    ('消防隐患', '', '', 'fire', 30),
    ('燃气安全', '', '', 'housing', 30),
    ('特种设备', '', '', 'special_equipment', 30),
    ('占道经营', '', '', 'urban_management', 30),
    ('食品安全', '', '', 'food', 30),
    ('地下作坊', '', '', 'food', 30),
    ('价格违法', '', '', 'enforcement', 30),
    ('虚假宣传', '', '', 'consumer', 30),
    ('无证照经营', '', '', 'enforcement', 30),
    ('无证照经营', '餐饮', '', 'food', 40),
    ('无证照经营', '食品零售', '', 'food', 40),
    ('无证照经营', '药品零售', '', 'drugs', 40),
    ('无证照经营', '烟草零售', '', 'tobacco', 40),
    ('', '餐饮', '', 'food', 20),
    ('', '食品零售', '', 'food', 20),
    ('', '药品零售', '', 'drugs', 20),
    ('', '烟草零售', '', 'tobacco', 20),
    ('', '理发美容', '', 'drugs', 20),
    ('', '汽车维修', '', 'consumer', 20),
    ('', '住宿', '', 'registration', 20),
    ('', '网吧', '', 'enforcement', 20),
    ('', '再生资源', '', 'enforcement', 20),
    ('', '服装加工', '', 'registration', 20),
    ('', '五金', '', 'consumer', 20),
    ('', '家具', '', 'consumer', 20),
    ('', '教育培训', '', 'consumer', 20),
    ('', '物流快递', '', 'enforcement', 20),
    ('', '房产中介', '', 'consumer', 20),
    ('', '农资', '', 'enforcement', 20),
    ('', '娱乐场所', '', 'enforcement', 20),
    ('', '', '餐饮', 'food', 10),
    ('', '', '食品', 'food', 10),
    ('', '', '药', 'drugs', 10),
    ('', '', '医疗器械', 'drugs', 10),
    ('', '', '化妆品', 'drugs', 10),
    ('', '', '烟草', 'tobacco', 10),
    ('', '', '电梯', 'special_equipment', 10),
    ('', '', '锅炉', 'special_equipment', 10),
    ('', '', '叉车', 'special_equipment', 10)
) AS everybodys (kind, industry, keyword, department_id, priority);

-- Departments beyond market supervision are everybody's too; a module's own of the same id stands before.
ALTER TABLE department DROP CONSTRAINT department_district_fkey;
INSERT INTO department (district, department_id, name, name_en) VALUES
    (0, 'bureau', '区局指挥中心', 'District Bureau'),
    (0, 'fire', '消防救援大队', 'Fire and Rescue Brigade'),
    (0, 'housing', '住房和城乡建设局', 'Housing and Construction Bureau'),
    (0, 'urban_management', '城市管理局', 'Urban Management Bureau');
CREATE OR REPLACE VIEW scoped.department WITH (security_barrier) AS
    SELECT d.* FROM public.department d
    WHERE d.district = scoped.district()
       OR d.district = 0 AND EXISTS (SELECT FROM public.district WHERE district = scoped.district())
          AND NOT EXISTS (SELECT FROM public.department own
                          WHERE own.district = scoped.district() AND own.department_id = d.department_id);

-- A department learns of its clues as of the results of tasks: by an order down (kind 'clue').
ALTER TABLE order_out
    ALTER COLUMN task_id DROP NOT NULL,
    ADD COLUMN clue_id text,
    ADD CHECK (num_nonnulls(task_id, clue_id) = 1);
CREATE INDEX order_out_clue ON order_out (district, clue_id) WHERE clue_id IS NOT NULL;

-- 经营范围, for the keywords.
ALTER TABLE premises ADD COLUMN business_scope text;
CREATE OR REPLACE VIEW scoped.premises WITH (security_barrier) AS
    SELECT * FROM public.premises
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

GRANT SELECT, INSERT, UPDATE ON clue_case, clue_route TO gw_ingest;
GRANT SELECT, INSERT ON clue_event TO gw_ingest;

-- What has been reported before this is waiting to be routed.
INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, industry, premises_id,
                       lon, lat, grid_id, path, reported_at)
    SELECT c.district,
           left(encode(sha256(convert_to(concat_ws('|', c.worker_id, (extract(epoch FROM c.ts) * 1000)::bigint, c.id),
                                         'UTF8')), 'hex'), 20),
           c.worker_id, c.ts, c.id, c.kind, c.severity, c.text, c.industry, c.premises_id,
           c.lon, c.lat, c.grid_id, coalesce(g.path, w.path, c.district::text), c.at
    FROM clue c LEFT JOIN grid g USING (district, grid_id) LEFT JOIN worker w USING (district, worker_id);
INSERT INTO clue_event (district, clue_id, at, event, state, actor, cause)
    SELECT district, clue_id, reported_at, 'reported', 'reported', worker_id, id FROM clue_case;

CREATE VIEW scoped.clue_case WITH (security_barrier) AS
    SELECT * FROM public.clue_case
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.clue_event WITH (security_barrier) AS
    SELECT e.* FROM public.clue_event e JOIN public.clue_case c USING (district, clue_id)
    WHERE e.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(c.path));
CREATE VIEW scoped.clue_route WITH (security_barrier) AS
    SELECT * FROM public.clue_route WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
-- A message that was not taken has no place in the org tree: it is for those who see the whole district.
CREATE VIEW scoped.rejected_message WITH (security_barrier) AS
    SELECT * FROM public.rejected_message WHERE district = scoped.district() AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.clue_case, scoped.clue_event, scoped.clue_route, scoped.rejected_message TO gw_dashboard;
