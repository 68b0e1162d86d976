/*
title: Topics of negative posts
question: What are customers' negative posts about?
serves: "Known and unknown: problems that nobody asked about. Listening: net sentiment."
notes: >-
  Topics are what authors tag (hashtags, sections, products named) and what texts were found to be
  about. Reposts and what brands, employees and programs say are left out. net_sentiment_score is
  (positive - negative) / all with a known sentiment, neutral ones counted in the denominator.
parameters:
  limit: {type: integer, default: 15, minimum: 1, description: Topics at most.}
  minimum_posts: {type: integer, default: 5, minimum: 1, description: Posts at least.}
columns:
  topic: Name of the topic.
  topic_kind: hashtag, section, product or learnt.
  posts_count: Customers' posts about it whose sentiment is known.
  authors_count: Accounts that wrote them.
  negative_count: Negative ones.
  negative_rate: Their share.
  net_sentiment_score: From -1 to 1.
*/
MATCH (subject:Topic)<-[:ABOUT]-(post:Post)
WHERE post.sentiment_label IS NOT NULL
  AND NOT coalesce(post.is_brand, false)
  AND NOT coalesce(post.is_employee, false)
  AND NOT coalesce(post.is_automated, false)
  AND NOT coalesce(post.is_repost, false)
OPTIONAL MATCH (author:Account)-[:WROTE]->(post)
WITH subject,
     count(post) AS posts_count,
     count(DISTINCT author) AS authors_count,
     count(CASE WHEN post.sentiment_label = 'negative' THEN 1 END) AS negative_count,
     count(CASE WHEN post.sentiment_label = 'positive' THEN 1 END) AS positive_count
WHERE posts_count >= $minimum_posts AND negative_count > 0
RETURN subject.label AS topic,
       subject.topic_kind AS topic_kind,
       posts_count,
       authors_count,
       negative_count,
       toFloat(negative_count) / posts_count AS negative_rate,
       toFloat(positive_count - negative_count) / posts_count AS net_sentiment_score
ORDER BY negative_count DESC, negative_rate DESC, subject.topic_key
LIMIT $limit
