/*
title: Ambassadors who are heard
question: Who speaks for our brands, how many take that up, and whom do they help?
serves: "People: ambassadors, with the reach and the reasons behind the label."
notes: >-
  Why a person is an ambassador is in the warehouse, in mart_ambassadors. Who takes up posts is
  counted once, whatever the number of accounts, posts and occasions.
parameters:
  limit: {type: integer, default: 20, minimum: 1, description: People at most.}
columns:
  person: Name of the person.
  handles: Names the person's accounts are addressed by; their ids where they have none.
  segment: What value, feeling and activity make of the person.
  feeling_score: Feeling for our brands over a year, -1 to 1.
  statements_count: Posts and survey answers it rests on.
  lifetime_value_amount: What the person is expected to spend within a year; null where unknown.
  influenced_count: Accounts that took up posts of the person.
  influence_weight: Sum of the published weights of these occasions.
  helped_count: Accounts whose questions the person answered.
*/
MATCH (speaker:Person {is_ambassador: true})
CALL (speaker) {
  OPTIONAL MATCH (speaker)<-[:BELONGS_TO]-(account:Account)
  WITH coalesce(account.handle, account.account_id) AS handle
  ORDER BY handle
  RETURN collect(handle) AS handles
}
CALL (speaker) {
  OPTIONAL MATCH (speaker)<-[:BELONGS_TO]-(:Account)-[tie:INFLUENCES]->(follower:Account)
  RETURN count(DISTINCT follower) AS influenced_count,
         coalesce(sum(tie.weight), 0.0) AS influence_weight
}
CALL (speaker) {
  OPTIONAL MATCH (speaker)<-[:BELONGS_TO]-(:Account)-[:HELPED]->(asker:Account)
  RETURN count(DISTINCT asker) AS helped_count
}
RETURN speaker.display_name AS person,
       handles,
       speaker.segment AS segment,
       speaker.feeling_score AS feeling_score,
       speaker.statements_count AS statements_count,
       speaker.lifetime_value_amount AS lifetime_value_amount,
       influenced_count,
       influence_weight,
       helped_count
ORDER BY influenced_count DESC, influence_weight DESC, speaker.customer_key
LIMIT $limit
