/*
title: Who helps whom
question: Which customers answer the questions of which other customers?
serves: "People: helpers, peer help. Engagement: customers as a resource for one another."
parameters:
  limit: {type: integer, default: 25, minimum: 1, description: Pairs at most.}
  channel: {type: text, default: null, description: Only helpers of this channel.}
columns:
  helper: Handle of the account that answered.
  asker: Handle of the account that asked.
  channel: Medium.
  answers_count: Answers given.
  thanked_count: Answers that the asker thanked for.
  first_at: First answer.
  last_at: Last answer.
*/
MATCH (answering:Account)-[help:HELPED]->(asking:Account)
WHERE $channel IS NULL OR answering.channel = $channel
RETURN coalesce(answering.handle, answering.account_id) AS helper,
       coalesce(asking.handle, asking.account_id) AS asker,
       answering.channel AS channel,
       help.interactions_count AS answers_count,
       help.thanked_count AS thanked_count,
       help.first_at AS first_at,
       help.last_at AS last_at
ORDER BY answers_count DESC, thanked_count DESC, answering.account_key, asking.account_key
LIMIT $limit
