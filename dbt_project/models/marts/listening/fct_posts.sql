with
annotations as (
    select * from {{ ref('stg_nlp__text_annotations') }}
),

people as (
    select
        record_key as account_key,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'account'
),

employees as (
    select customer_key from {{ ref('int_people__employees') }}
),

peer_answers as (
    select answer_post_key from {{ ref('int_peer_help__answers') }}
),

messages as (
    select
        post_key,
        conversation_key
    from {{ ref('int_conversations__messages') }}
),

brand_accounts as (
    select account_key
    from {{ ref('int_accounts__known') }}
    where is_brand
),

brand_mentions as (
    select distinct mentions.post_key
    from {{ ref('int_posts__mentions') }} as mentions
    inner join brand_accounts
        on mentions.mentioned_account_key = brand_accounts.account_key
),

directions as (
    select
        posts.post_key,
        coalesce(
            posts.is_inbound,
            not contexts.is_brand
            and (replied_brands.account_key is not null or brand_mentions.post_key is not null)
        ) as is_inbound
    from {{ ref('int_posts__current') }} as posts
    inner join {{ ref('int_posts__in_context') }} as contexts
        on posts.post_key = contexts.post_key
    left join brand_accounts as replied_brands
        on contexts.replied_account_key = replied_brands.account_key
    left join brand_mentions
        on posts.post_key = brand_mentions.post_key
),

shown as (
    select
        posts.post_key,
        posts.source,
        posts.channel,
        posts.post_id,
        posts.account_key,
        people.customer_key,
        messages.conversation_key,
        contexts.thread_key,
        contexts.in_reply_to_post_key,
        contexts.repost_of_post_key,
        contexts.quoted_post_key,
        null::varchar as edit_of_post_key,
        posts.section,
        annotations.text_masked as text,
        annotations.language,
        annotations.sentiment_label,
        annotations.emotion_label,
        annotations.intents,
        annotations.entities,
        annotations.spam_evidence,
        annotations.toxicity_evidence,
        annotations.annotation_version,
        annotations.language_probability,
        annotations.sentiment_score,
        annotations.emotion_score,
        annotations.spam_score,
        annotations.toxicity_score,
        posts.like_count,
        posts.repost_count,
        posts.reply_count,
        posts.view_count,
        posts.versions_count,
        contexts.has_captured_parent,
        list_contains(annotations.intents, 'question') as is_question,
        peer_answers.answer_post_key is not null as is_peer_answer,
        annotations.is_spam,
        annotations.is_insult,
        contexts.is_repost,
        contexts.is_brand,
        employees.customer_key is not null as is_employee,
        directions.is_inbound,
        contexts.is_automated,
        posts.is_private,
        posts.is_deleted,
        posts.is_withheld,
        posts.created_at,
        posts.edited_at,
        posts.first_place
    from {{ ref('int_posts__current') }} as posts
    inner join {{ ref('int_posts__in_context') }} as contexts
        on posts.post_key = contexts.post_key
    inner join directions
        on posts.post_key = directions.post_key
    left join annotations
        on posts.text_key = annotations.text_key
    left join people
        on posts.account_key = people.account_key
    left join employees
        on people.customer_key = employees.customer_key
    left join messages
        on posts.post_key = messages.post_key
    left join peer_answers
        on posts.post_key = peer_answers.answer_post_key
),

-- Where an edit has an id of its own, its text is shown by the post that it edits; the id keeps a
-- row, so that every captured post can be found.
edits as (
    select
        edits.*,
        people.customer_key,
        contexts.thread_key,
        contexts.is_repost,
        contexts.is_brand,
        employees.customer_key is not null as is_employee,
        directions.is_inbound,
        contexts.is_automated,
        posts.is_private,
        posts.is_deleted,
        posts.is_withheld,
        false as has_captured_parent,
        false as is_peer_answer
    from {{ ref('int_posts__edits') }} as edits
    inner join {{ ref('int_posts__current') }} as posts
        on edits.edit_of_post_key = posts.post_key
    inner join {{ ref('int_posts__in_context') }} as contexts
        on edits.edit_of_post_key = contexts.post_key
    inner join directions
        on edits.edit_of_post_key = directions.post_key
    left join people
        on edits.account_key = people.account_key
    left join employees
        on people.customer_key = employees.customer_key
),

all_ids as (
    select * from shown
    union all by name
    select * from edits
)

select
    * exclude (first_place),
    struct_extract(first_place, 'file') as file,
    struct_extract(first_place, 'position') as position,
    nullif(struct_extract(first_place, 'item'), '') as item
from all_ids
