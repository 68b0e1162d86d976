/*
title: Peer help
question: How many of customers' questions do other customers answer, and how many before we do?
serves: "People: peer help. Reactivity: peers against the brand, in time."
notes: >-
  A customer's direct reply counts where it answers: it was accepted, thanked for or reads as an
  answer. A brand's counts as it is, if a human wrote it. deflection_rate is the share of all
  questions that a customer answered before any reply of a brand. Employees are left out.
parameters:
  channel: {type: text, default: null, description: Only questions of this channel.}
columns:
  channel: Medium.
  questions_count: "Questions of customers, reposts left out."
  peer_answered_count: Questions that another customer answered.
  brand_answered_count: Questions that a brand answered.
  peer_help_rate: Share answered by another customer.
  deflection_rate: Share answered by another customer before any brand.
  median_peer_seconds: Median time to the first answer of a customer.
  median_brand_seconds: Median time to the first answer of a brand.
*/
MATCH (asker:Account)-[:WROTE]->(question:Post)
WHERE question.is_question
  AND NOT coalesce(asker.is_brand, false)
  AND NOT coalesce(question.is_automated, false)
  AND NOT coalesce(question.is_repost, false)
  AND NOT coalesce(question.is_employee, false)
  AND ($channel IS NULL OR question.channel = $channel)
CALL (asker, question) {
  OPTIONAL MATCH (question)<-[:REPLY_TO]-(reply:Post)<-[:WROTE]-(other:Account)
  WHERE other <> asker
    AND NOT coalesce(reply.is_automated, false)
    AND NOT coalesce(other.is_automated, false)
  RETURN min(CASE WHEN reply.is_peer_answer THEN reply.created_at END) AS peer_at,
         min(CASE WHEN other.is_brand THEN reply.created_at END) AS brand_at
}
WITH question.channel AS channel,
     count(question) AS questions_count,
     count(peer_at) AS peer_answered_count,
     count(brand_at) AS brand_answered_count,
     count(CASE WHEN brand_at IS NULL OR peer_at < brand_at THEN peer_at END) AS deflected_count,
     percentileCont(duration.inSeconds(question.created_at, peer_at).seconds, 0.5)
       AS median_peer_seconds,
     percentileCont(duration.inSeconds(question.created_at, brand_at).seconds, 0.5)
       AS median_brand_seconds
RETURN channel,
       questions_count,
       peer_answered_count,
       brand_answered_count,
       toFloat(peer_answered_count) / questions_count AS peer_help_rate,
       toFloat(deflected_count) / questions_count AS deflection_rate,
       median_peer_seconds,
       median_brand_seconds
ORDER BY questions_count DESC, channel
