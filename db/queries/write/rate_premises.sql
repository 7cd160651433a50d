-- Give premises `premises_id` a risk grade from now on; an event tells who did, by which order, what it `was`, and why.
WITH rated AS (
    UPDATE premises SET risk_grade = %(risk_grade)s, rated_at = clock_timestamp()
    WHERE district = %(district)s AND premises_id = %(premises_id)s
    RETURNING district, premises_id, rated_at
)
INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said, changes)
SELECT district, premises_id, rated_at, 'rated', %(actor)s, %(command_id)s,
       jsonb_build_object('risk_grade', %(risk_grade)s::text, 'reason', %(reason)s::text),
       jsonb_build_object('risk_grade', jsonb_build_array(%(was)s::text, %(risk_grade)s::text))
FROM rated;
