/*
title: Top helpers, with what they answered
question: Who answers far more questions than they ask, and what did they answer lately?
serves: "People: helpers, with the reasons for the label."
notes: >-
  expertise_score is z = (answers - questions) / sqrt(answers + questions), Zhang et al. 2007.
  Answers are direct replies to a question or problem of another customer that were accepted,
  thanked for or read as an answer.
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: Helpers at most.}
  minimum_answers: {type: integer, default: 2, minimum: 1, description: Answers at least.}
  evidence_limit: {type: integer, default: 3, minimum: 0, description: Answers shown for each.}
columns:
  helper: Handle of the account.
  channel: Medium.
  expertise_score: z of answers against own questions.
  answers_count: Answers given to other customers.
  questions_count: "Questions the account asked itself, reposts left out."
  askers_count: Accounts that were helped.
  thanked_count: Answers that the asker thanked for.
  evidence: Latest answers, each with post_id, answer, question and created_at.
*/
MATCH (answering:Account)-[help:HELPED]->(asking:Account)
WITH answering,
     sum(help.interactions_count) AS answers_count,
     sum(help.thanked_count) AS thanked_count,
     count(asking) AS askers_count
WHERE answers_count >= $minimum_answers
WITH answering, answers_count, thanked_count, askers_count,
     COUNT {
       (answering)-[:WROTE]->(asked:Post {is_question: true})
       WHERE NOT coalesce(asked.is_repost, false)
     } AS questions_count
WITH answering, answers_count, thanked_count, askers_count, questions_count,
     (answers_count - questions_count) / sqrt(answers_count + questions_count) AS expertise_score
ORDER BY expertise_score DESC, answers_count DESC, answering.account_key
LIMIT $limit
CALL (answering) {
  OPTIONAL MATCH (answering)-[:WROTE]->(answer:Post {is_peer_answer: true})
                 -[:REPLY_TO]->(question:Post)
  WITH answer, question
  ORDER BY answer.created_at DESC, answer.post_key
  LIMIT $evidence_limit
  RETURN collect(CASE WHEN answer IS NOT NULL THEN {
    post_id: answer.post_id,
    answer: answer.text,
    question: question.text,
    created_at: answer.created_at
  } END) AS evidence
}
RETURN coalesce(answering.handle, answering.account_id) AS helper,
       answering.channel AS channel,
       expertise_score,
       answers_count,
       questions_count,
       askers_count,
       thanked_count,
       evidence
ORDER BY expertise_score DESC, answers_count DESC, answering.account_key
