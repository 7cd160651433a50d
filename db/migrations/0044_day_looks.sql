-- A day's track on a worker's dossier is a look, too; and a page may say when a period was counted.
ALTER TABLE track_look DROP CONSTRAINT track_look_about_check;
ALTER TABLE track_look ADD CONSTRAINT track_look_about_check CHECK (about IN ('visit', 'task', 'day'));
COMMENT ON COLUMN track_look.id IS 'of the task, ''worker:message'' of the visit, or ''worker:day''';

CREATE VIEW scoped.score_period WITH (security_barrier) AS
    SELECT * FROM public.score_period WHERE district = scoped.district();
GRANT SELECT ON scoped.score_period TO gw_dashboard;
