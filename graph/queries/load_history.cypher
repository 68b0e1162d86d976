/*
title: History of loads
question: When was the graph last loaded, from which publication, and did it end well?
serves: "Transparency: what is shown, and how fresh it is."
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: "Loads at most, newest first."}
columns:
  run_id: Run that loaded.
  publication_id: Publication of the warehouse.
  state: "running, interrupted, complete, or different: the parity gate failed."
  started_at: When it began.
  completed_at: When it ended; null while it runs, and where it was interrupted.
*/
// One load writes at a time: one that is not the newest does not run any more.
MATCH (load:Load)
RETURN load.run_id AS run_id,
       load.publication_id AS publication_id,
       CASE WHEN load.state = 'running'
              AND EXISTS { MATCH (later:Load) WHERE later.started_at > load.started_at }
            THEN 'interrupted' ELSE load.state END AS state,
       load.started_at AS started_at,
       load.completed_at AS completed_at
ORDER BY started_at DESC
LIMIT $limit
