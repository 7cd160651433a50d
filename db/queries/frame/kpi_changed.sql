-- Of some tasks or clues: their rows alone, and by KPI what they are members of. In front of any KPI that is made from
-- these tables, these stand in their place.
task AS MATERIALIZED (SELECT * FROM scoped.task WHERE task_id = ANY(%(ids)s)),
task_owed AS MATERIALIZED (SELECT * FROM scoped.task_owed WHERE task_id = ANY(%(ids)s)),
obligation AS MATERIALIZED (SELECT * FROM scoped.obligation WHERE task_id = ANY(%(ids)s)),
clue_case AS MATERIALIZED (SELECT * FROM scoped.clue_case WHERE clue_id = ANY(%(ids)s)),
member AS (
    --members--
),
span AS (
    --span--
)
