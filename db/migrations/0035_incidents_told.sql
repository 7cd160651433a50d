-- People outside the screen are told of incidents, each step once a channel, and no more of every alert; a route may ask
-- for what has come up to a level of the org tree.
ALTER TABLE notify_route
    ADD COLUMN level smallint NOT NULL DEFAULT 5 CHECK (level BETWEEN 1 AND 5);  -- a depth; 5: any

DROP VIEW scoped.notification;
ALTER TABLE notification RENAME COLUMN alert_id TO incident_id;
ALTER TABLE notification ADD COLUMN level smallint NOT NULL DEFAULT 4;  -- the incident's, after the step
ALTER TABLE notification ALTER COLUMN level DROP DEFAULT;
CREATE VIEW scoped.notification WITH (security_barrier) AS
    SELECT * FROM public.notification
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
GRANT SELECT ON scoped.notification TO gw_dashboard;

-- What was told of an alert is told of its incident; of alerts that became worse at one instant, once.
WITH told AS (
    DELETE FROM notification n USING alert a
    WHERE a.district = n.district AND a.alert_id = n.incident_id
    RETURNING n.*, a.incident_id AS joined
)
INSERT INTO notification (district, channel, incident_id, event, at, severity, path, state, queued_at, tries, leased_until,
                          message, sent_at, error, level)
SELECT district, channel, joined, CASE event WHEN 'raised' THEN 'opened' ELSE 'aggravated' END, at, severity, path,
       state, queued_at, tries, leased_until, message, sent_at, error, level
FROM told
ON CONFLICT DO NOTHING;
