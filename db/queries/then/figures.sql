-- What the rates, categories and the ranking of the whole district were at an instant, as ingest had kept them last, within
-- ten minutes before: by name their rows. None: nothing was kept then, or the viewer sees a part only.
SELECT DISTINCT ON (k.name) k.name, k.at, k.figures
FROM known_figures k
WHERE k.at <= %(at)s::timestamptz AND k.at > %(at)s::timestamptz - interval '10 minutes'
ORDER BY k.name, k.at DESC;
