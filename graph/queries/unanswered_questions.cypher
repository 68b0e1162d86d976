/*
title: Unanswered questions
question: Which customers' questions did nobody answer, and which came out of hours?
serves: "Reactivity, also out of hours. Reciprocity: who speaks gets a reply."
notes: >-
  Unanswered means that no account but the asker's own wrote a direct reply; programs and deleted
  replies do not count. A repost of a question asks nothing anew. Hours are those given here, Monday
  to Friday; public holidays are not known. Waiting time ends at the newest post of the graph, not
  now; times in the future, which some sources give, are none.
parameters:
  limit: {type: integer, default: 25, minimum: 1, description: "Questions at most, newest first."}
  channel: {type: text, default: null, description: Only questions of this channel.}
  only_out_of_hours: {type: boolean, default: false, description: Leave out those within hours.}
  opens_at: {type: integer, default: 9, minimum: 0, description: Hour of opening.}
  closes_at: {type: integer, default: 18, minimum: 1, description: Hour of closing.}
  time_zone: {type: text, default: Europe/Paris, description: Zone of these hours.}
columns:
  asker: Handle of the account that asked.
  post_id: The question, in its source.
  source: Source of the question.
  channel: Medium.
  text: Text of the question.
  created_at: When it was asked.
  waiting_hours: Hours from the question to the newest post of the graph.
  is_out_of_hours: Whether it was asked out of hours.
*/
MATCH (last:Post)
WHERE last.created_at <= datetime()
WITH last.created_at AS newest_at
ORDER BY newest_at DESC
LIMIT 1
MATCH (asker:Account)-[:WROTE]->(question:Post)
WHERE question.is_question
  AND NOT coalesce(asker.is_brand, false)
  AND NOT coalesce(question.is_employee, false)
  AND NOT coalesce(question.is_automated, false)
  AND NOT coalesce(question.is_deleted, false)
  AND NOT coalesce(question.is_repost, false)
  AND ($channel IS NULL OR question.channel = $channel)
  AND NOT EXISTS {
    MATCH (question)<-[:REPLY_TO]-(reply:Post)<-[:WROTE]-(other:Account)
    WHERE other <> asker
      AND NOT coalesce(reply.is_automated, false)
      AND NOT coalesce(other.is_automated, false)
      AND NOT coalesce(reply.is_deleted, false)
  }
WITH asker, question, newest_at,
     datetime({datetime: question.created_at, timezone: $time_zone}) AS asked_at
WITH asker, question, newest_at,
     asked_at.dayOfWeek > 5 OR asked_at.hour < $opens_at OR asked_at.hour >= $closes_at
       AS is_out_of_hours
WHERE is_out_of_hours OR NOT $only_out_of_hours
RETURN coalesce(asker.handle, asker.account_id) AS asker,
       question.post_id AS post_id,
       question.source AS source,
       question.channel AS channel,
       question.text AS text,
       question.created_at AS created_at,
       duration.inSeconds(question.created_at, newest_at).seconds / 3600.0 AS waiting_hours,
       is_out_of_hours
ORDER BY created_at DESC, question.post_key
LIMIT $limit
