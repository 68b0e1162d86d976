/*
title: Path between two accounts
question: Through whom are these two accounts connected, and by what?
serves: "People: a map of relationships, typed."
notes: >-
  The shortest chain of replies, mentions, reposts, quotes and help, followed in both directions.
parameters:
  from_handle: {type: text, description: "Handle of one account, upper or lower case."}
  to_handle: {type: text, description: "Handle of the other account, upper or lower case."}
columns:
  length: Ties of the chain.
  accounts: Handles along the chain.
  ties: What ties each to the next, with who did it to whom.
*/
MATCH (one:Account), (other:Account)
WHERE toLower(coalesce(one.handle, one.account_id)) = toLower($from_handle)
  AND toLower(coalesce(other.handle, other.account_id)) = toLower($to_handle)
  AND one <> other
MATCH chain = shortestPath((one)-[:REPLIED_TO|MENTIONED|AMPLIFIED|HELPED*..8]-(other))
RETURN length(chain) AS length,
       [account IN nodes(chain) | coalesce(account.handle, account.account_id)] AS accounts,
       [tie IN relationships(chain) |
         coalesce(startNode(tie).handle, startNode(tie).account_id) + ' ' + type(tie) + ' ' +
         coalesce(endNode(tie).handle, endNode(tie).account_id)] AS ties
ORDER BY length, one.account_key, other.account_key
LIMIT 1
