-- Supervision modules (网格化+应用) are data: what is inspected where, how often, what each answer means, and
-- which department is told. `gridward module load` upserts what a file holds and closes what it no longer
-- holds; nothing is deleted, since tasks and findings go on naming the codes.

CREATE TABLE department (
    district      integer NOT NULL REFERENCES district,
    department_id text NOT NULL,            -- its place on the wire: department/<id>/reply
    name          text NOT NULL,
    name_en       text,
    closed_at     timestamptz,
    PRIMARY KEY (district, department_id)
);

CREATE TABLE module (
    district  integer NOT NULL REFERENCES district,
    module_id text NOT NULL,
    name      text NOT NULL,
    name_en   text,
    body      jsonb NOT NULL,               -- all of it, as ingest/domain/module.py has it
    digest    text NOT NULL,                -- sha256 of the body: another one is another version
    loaded_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    PRIMARY KEY (district, module_id)
);

-- What pages and figures ask of the bodies, as rows. A code belongs to one module.
CREATE TABLE task_category (
    district      integer NOT NULL,
    category      text NOT NULL,
    module_id     text NOT NULL,
    name          text NOT NULL,
    name_en       text,
    department_id text NOT NULL,            -- to whom the results are pushed
    department_working_days smallint NOT NULL,  -- within which it follows up
    hazard_grade  severity NOT NULL,
    items         text[] NOT NULL,          -- of check_item, in the order in which they are asked
    closed_at     timestamptz,
    PRIMARY KEY (district, category),
    FOREIGN KEY (district, module_id) REFERENCES module,
    FOREIGN KEY (district, department_id) REFERENCES department
);

CREATE TABLE check_item (
    district  integer NOT NULL,
    item      text NOT NULL,
    module_id text NOT NULL,
    name      text NOT NULL,
    name_en   text,
    answers   jsonb NOT NULL,               -- [{code, text{zh,en}, means normal|abnormal, severity, note, follow_up}]
    closed_at timestamptz,
    PRIMARY KEY (district, item),
    FOREIGN KEY (district, module_id) REFERENCES module
);

GRANT SELECT, INSERT, UPDATE ON department, module, task_category, check_item TO gw_ingest;

-- They say nothing about people or places: whoever sees anything of a district sees them whole.
CREATE VIEW scoped.department WITH (security_barrier) AS
    SELECT * FROM public.department WHERE district = scoped.district();
CREATE VIEW scoped.module WITH (security_barrier) AS
    SELECT * FROM public.module WHERE district = scoped.district();
CREATE VIEW scoped.task_category WITH (security_barrier) AS
    SELECT * FROM public.task_category WHERE district = scoped.district();
CREATE VIEW scoped.check_item WITH (security_barrier) AS
    SELECT * FROM public.check_item WHERE district = scoped.district();
GRANT SELECT ON scoped.department, scoped.module, scoped.task_category, scoped.check_item TO gw_dashboard;
