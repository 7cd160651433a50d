-- Let the planner know what an import has brought in, at once.
SELECT analyse_registry();
