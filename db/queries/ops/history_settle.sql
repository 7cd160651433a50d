-- What a bulk of rows leaves to be done, else autovacuum would do it in the midst of the first questions.
VACUUM (ANALYZE) task, obligation, task_event, inspection, clue, clue_case, clue_event, public_report,
    kpi_daily;
