/*
title: Cascades
question: Which posts spread, how far, and like a broadcast or from mouth to mouth?
serves: "Listening: virality. Reactivity: what spreads is seen while it is small."
notes: >-
  The tree is drawn by reposts and quotes; a source that hangs every repost on the original only
  gives stars. structural_virality is the mean distance over all pairs of posts in the tree
  (star of n posts: 2(n-1)/n), Goel et al. 2016, as the sum over branches of s(n-s).
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: Cascades at most.}
  minimum_size: {type: integer, default: 2, minimum: 2, description: Posts at least.}
columns:
  author: Handle of the first post's author; null where not known.
  post_id: First post, in its source.
  source: Source of the first post.
  text: Its text; null once deleted.
  size: Posts of the tree, the first included.
  depth: Generations after the first post.
  maximum_breadth: Posts of the largest generation.
  generations: Posts by generation, from the first post on.
  structural_virality: Mean distance between two posts of the tree.
  first_at: Time of the first post.
  last_at: Time of the last post of the tree.
*/
MATCH (root:Post)<-[:REPOST_OF|QUOTES]-(:Post)
WHERE NOT EXISTS { (root)-[:REPOST_OF|QUOTES]->(:Post) }
WITH DISTINCT root
CALL (root) {
  MATCH way = (root)<-[:REPOST_OF|QUOTES*0..]-(post:Post)
  WITH post, min(length(way)) AS generation
  WITH post, generation, COUNT { (post)<-[:REPOST_OF|QUOTES*0..]-(:Post) } AS branch
  RETURN count(post) AS size,
         max(generation) AS depth,
         collect(generation) AS generation_of_each,
         collect(CASE WHEN generation > 0 THEN branch END) AS branches,
         max(post.created_at) AS last_at
}
WITH root, size, depth, branches, last_at,
     [step IN range(0, depth) | size([other IN generation_of_each WHERE other = step])]
       AS generations
WHERE size >= $minimum_size
OPTIONAL MATCH (author:Account)-[:WROTE]->(root)
RETURN coalesce(author.handle, author.account_id) AS author,
       root.post_id AS post_id,
       root.source AS source,
       root.text AS text,
       size,
       depth,
       reduce(most = 0, count IN generations | CASE WHEN count > most THEN count ELSE most END)
         AS maximum_breadth,
       generations,
       2.0 * reduce(total = 0, branch IN branches | total + branch * (size - branch))
         / (size * (size - 1)) AS structural_virality,
       root.created_at AS first_at,
       last_at
ORDER BY size DESC, structural_virality DESC, root.post_key
LIMIT $limit
