-- Let the planner know what an import has brought in of licences, at once.
SELECT analyse_licences();
