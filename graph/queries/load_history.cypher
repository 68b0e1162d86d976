/*
title: History of loads
question: When was the graph last loaded, from which publication, and did it end well?
serves: "Transparency: what is shown, and how fresh it is."
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: "Loads at most, newest first."}
columns:
  run_id: Run that loaded.
  publication_id: Publication of the warehouse.
  state: "running (or interrupted), complete, or different: the parity gate failed."
  started_at: When it began.
  completed_at: When it ended; null while it runs or where it was interrupted.
*/
MATCH (load:Load)
RETURN load.run_id AS run_id,
       load.publication_id AS publication_id,
       load.state AS state,
       load.started_at AS started_at,
       load.completed_at AS completed_at
ORDER BY started_at DESC
LIMIT $limit
