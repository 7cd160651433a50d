-- What did not fit is rare and looked for on its own: without this the page of tasks reads every event there is.
CREATE INDEX task_event_irregular ON task_event (district, task_id) WHERE irregular IS NOT NULL;
