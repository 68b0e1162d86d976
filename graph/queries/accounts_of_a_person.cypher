/*
title: Accounts of a person
question: Under which other names do we know the person behind this account?
serves: "People, not only messages: one human over all channels."
parameters:
  handle: {type: text, description: "Handle of any of the accounts, upper or lower case."}
columns:
  person: Name of the person.
  customer_id: Id in the CRM; null for who is not known there.
  handle: Name the account is addressed by; its id where it has none.
  channel: Medium.
  source: Source of the account.
  posts_count: Posts captured of the account.
  last_post_at: Time of its last post.
*/
MATCH (known:Account)
WHERE toLower(coalesce(known.handle, known.account_id)) = toLower($handle)
MATCH (known)-[:BELONGS_TO]->(owner:Person)
MATCH (owner)<-[:BELONGS_TO]-(account:Account)
WITH DISTINCT owner, account
RETURN owner.display_name AS person,
       owner.customer_id AS customer_id,
       coalesce(account.handle, account.account_id) AS handle,
       account.channel AS channel,
       account.source AS source,
       account.posts_count AS posts_count,
       account.last_post_at AS last_post_at
ORDER BY owner.customer_key, posts_count DESC, account.account_key
