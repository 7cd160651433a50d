-- Years whose holidays nobody knew when deadlines that reach into them, and are still open, were given: how many
-- of tasks' visits, of their re-checks, and of departments' feedback.
-- The days from 29 December on belong to the next year: its notice decides about them.
WITH given (due_at, of_what) AS (
    SELECT due_at, 'visit' FROM task
    WHERE due_provisional AND inspected_at IS NULL AND done_at IS NULL AND cancelled_at IS NULL
    UNION ALL
    SELECT recheck_due_at, 'recheck' FROM task
    WHERE recheck_provisional AND done_at IS NULL AND cancelled_at IS NULL
    UNION ALL
    SELECT due_at, 'feedback' FROM obligation WHERE due_provisional AND replied_at IS NULL
)
SELECT extract(year FROM (g.due_at AT TIME ZONE i.tz) + interval '3 days')::integer AS year,
       count(*) FILTER (WHERE of_what = 'visit') AS visits,
       count(*) FILTER (WHERE of_what = 'recheck') AS rechecks,
       count(*) FILTER (WHERE of_what = 'feedback') AS feedbacks
FROM given g CROSS JOIN district_info i
GROUP BY 1
ORDER BY 1;
