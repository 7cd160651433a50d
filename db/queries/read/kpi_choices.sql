-- Which formula the district uses of those indicators for which there are several.
SELECT indicator, formula FROM kpi_choice ORDER BY indicator;
