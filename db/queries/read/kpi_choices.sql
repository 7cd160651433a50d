-- What the district has chosen for an indicator: its formula, where there are several, and since which year it shows how
-- it has changed (null: not chosen).
SELECT indicator, formula, base_year FROM kpi_choice ORDER BY indicator;
