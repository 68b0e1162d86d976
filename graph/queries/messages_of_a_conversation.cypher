/*
title: Messages of a conversation
question: What was said in this conversation, in order, and where is the raw line of each message?
serves: "Exhaustive capture with context: any conversation can be found again."
parameters:
  conversation_key: {type: text, description: Key of the conversation.}
columns:
  created_at: When it was written.
  author: Handle of the author; null where not known.
  is_brand: Whether the brand wrote it.
  text: Text without personal data; null once deleted.
  sentiment_label: Feeling of the text; null where not known.
  post_id: Id in its source.
  file: File that delivered it, below the landing folder.
  position: Line in that file.
*/
MATCH (:Conversation {conversation_key: $conversation_key})<-[:PART_OF]-(message:Post)
OPTIONAL MATCH (author:Account)-[:WROTE]->(message)
RETURN message.created_at AS created_at,
       coalesce(author.handle, author.account_id) AS author,
       message.is_brand AS is_brand,
       message.text AS text,
       message.sentiment_label AS sentiment_label,
       message.post_id AS post_id,
       message.file AS file,
       message.position AS position
ORDER BY created_at, message.post_key
