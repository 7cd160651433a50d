-- What counts in a period from `begins` until `ends` (excluded), as far as it has happened by `now`: items by kind,
-- worker and place (ingest/domain/scoring.py). Below `doubtful` percent a visit is doubted; `days` have passed of the period.
WITH owed AS MATERIALIZED (
    SELECT t.task_id, coalesce(t.done_by, t.worker_id) AS worker_id, t.path, t.premises_id, t.category, t.inspected_at,
           t.done_at, t.disposal_due_at, t.rework, t.suspended_at, t.owed_until, (t.done_at AT TIME ZONE t.tz)::date AS done_on,
           t.done_at IS NOT NULL OR t.disposal_due_at <= %(now)s AS decided,
           t.owed_until > t.launched_at + 0.8 * (t.disposal_due_at - t.launched_at) AS late
    FROM task t
    WHERE t.district = %(district)s AND t.owed_from >= %(begins)s AND t.owed_from < %(ends)s AND t.owed_from <= %(now)s
),
tasks AS (
    SELECT worker_id, path,
           count(*) FILTER (WHERE owed_until IS NULL AND decided) AS decided,
           count(*) FILTER (WHERE owed_until IS NULL AND done_at <= disposal_due_at) AS on_time,
           count(*) FILTER (WHERE owed_until IS NULL AND done_at IS NOT NULL) AS closed,
           count(*) FILTER (WHERE owed_until IS NULL AND decided AND inspected_at IS NOT NULL) AS visited,
           count(*) FILTER (WHERE owed_until IS NULL AND decided AND inspected_at IS NOT NULL AND rework = 0) AS at_once,
           count(*) FILTER (WHERE suspended_at IS NOT NULL) AS suspended,
           count(*) FILTER (WHERE late AND suspended_at IS NOT NULL) AS late_suspended,
           count(*) FILTER (WHERE late AND suspended_at IS NULL) AS late_cancelled
    FROM owed GROUP BY 1, 2
),
split AS (
    SELECT worker_id, path, count(*) - 1 AS n
    FROM owed WHERE done_at IS NOT NULL AND owed_until IS NULL
    GROUP BY worker_id, path, premises_id, category, done_on HAVING count(*) > 1
),
clues AS (
    SELECT worker_id, path, count(*) FILTER (WHERE voided_at IS NULL) AS valid, count(*) AS judged
    FROM clue_case
    WHERE district = %(district)s AND reported_at >= %(begins)s AND reported_at < %(ends)s
      AND worker_id IS NOT NULL  -- what the public says is nobody's work
      AND (voided_at IS NOT NULL OR least(routed_at, called_at, received_at, disposed_at) IS NOT NULL)
    GROUP BY 1, 2
),
doubts AS MATERIALIZED (
    SELECT DISTINCT ON (a.subject) a.subject, i.state, i.ended_at IS NULL AS undecided
    FROM alert a JOIN incident i USING (district, incident_id)
    WHERE a.district = %(district)s AND a.rule = 'visit_doubtful' AND a.raised_at >= %(begins)s AND a.raised_at < %(ends)s
    ORDER BY a.subject, a.raised_at DESC
),
visits AS MATERIALIZED (
    SELECT e.worker_id, coalesce(g.path, w.path) AS path, e.premises_id, e.truth IS NOT NULL AS weighed,
           CASE WHEN d.state = 'false_alarm' THEN true WHEN d.state = 'resolved' THEN false
                ELSE e.truth >= %(doubtful)s END AS believed,
           e.truth < %(doubtful)s AND coalesce(d.undecided, true)
           AND EXISTS (SELECT FROM visit_appeal a
                       WHERE a.district = e.district AND a.worker_id = e.worker_id AND a.visit_id = e.id) AS appealed
    FROM visit_evidence e
    JOIN worker w USING (district, worker_id)
    LEFT JOIN grid g USING (district, grid_id)
    LEFT JOIN doubts d ON d.subject = 'visit:' || e.worker_id || ':' || e.id
    WHERE e.district = %(district)s AND e.ended >= %(begins)s AND e.ended < %(ends)s
),
truth AS (
    SELECT worker_id, path, count(*) FILTER (WHERE NOT appealed) AS weighed,
           count(*) FILTER (WHERE NOT appealed AND believed) AS believed, count(*) FILTER (WHERE appealed) AS appealed
    FROM visits WHERE weighed GROUP BY 1, 2
),
patrol AS (
    SELECT p.worker_id, w.path, count(*) AS hours, count(*) FILTER (WHERE 2 * p.inside >= p.pings) AS inside
    FROM ping_hourly p JOIN worker w USING (district, worker_id)
    WHERE p.district = %(district)s AND p.hour >= %(begins)s AND p.hour < %(ends)s
    GROUP BY 1, 2
),
-- Premises are due so many times a year by their risk grade; of those due in the period, so many were visited in it.
due AS MATERIALIZED (
    SELECT p.premises_id, p.grid_id, p.path,
           least(1, %(days)s * CASE p.risk_grade WHEN 'B' THEN 2 WHEN 'C' THEN 3 WHEN 'D' THEN 4 ELSE 1 END / 365.0) AS share
    FROM premises p
    WHERE p.district = %(district)s AND p.grid_id IS NOT NULL AND p.status = 'in_business'
      AND p.known_since < %(ends)s AND (p.closed_at IS NULL OR p.closed_at >= %(begins)s)
),
grids AS MATERIALIZED (
    SELECT d.grid_id, d.path, sum(d.share) AS due,
           count(*) FILTER (WHERE d.premises_id IN (SELECT premises_id FROM visits)) AS visited
    FROM due d GROUP BY 1, 2
),
teams AS MATERIALIZED (
    SELECT a.grid_id, a.worker_id, count(*) OVER (PARTITION BY a.grid_id) AS size
    FROM assignment a JOIN worker w USING (district, worker_id)
    WHERE a.district = %(district)s AND w.role = 'worker'
      AND a.valid_from < %(ends)s AND (a.valid_to IS NULL OR a.valid_to >= least(%(ends)s, %(now)s))
),
seen AS (
    SELECT v.worker_id, d.grid_id, count(DISTINCT v.premises_id) AS visited
    FROM visits v JOIN due d USING (premises_id) GROUP BY 1, 2
),
covered AS (
    SELECT t.worker_id, sum(g.due / t.size) AS due, sum(coalesce(s.visited, 0)) AS visited
    FROM teams t JOIN grids g USING (grid_id) LEFT JOIN seen s USING (worker_id, grid_id)
    GROUP BY 1
)
SELECT i.what, t.worker_id, t.path, i.n::float8 AS n, i.k::float8 AS k
FROM tasks t, LATERAL (VALUES
    ('on_time', t.decided, t.on_time), ('closure', t.decided, t.closed), ('no_rework', t.visited, t.at_once),
    ('suspended', t.suspended, 0), ('late_suspended', t.late_suspended, 0), ('late_cancelled', t.late_cancelled, 0)
) AS i (what, n, k) WHERE i.n > 0
UNION ALL SELECT 'split', worker_id, path, n, 0 FROM split
UNION ALL SELECT 'valid_clues', worker_id, path, judged, valid FROM clues
UNION ALL SELECT i.what, t.worker_id, t.path, i.n, i.k
FROM truth t, LATERAL (VALUES ('truth', t.weighed, t.believed), ('appealed', t.appealed, 0)) AS i (what, n, k) WHERE i.n > 0
UNION ALL SELECT 'patrol', worker_id, path, hours, inside FROM patrol
UNION ALL SELECT 'coverage', NULL, path, due, least(visited, due) FROM grids
UNION ALL SELECT 'coverage', worker_id, NULL, due, least(visited, due) FROM covered
ORDER BY 1, 2, 3, 4, 5;
