with
posts as (
    select *
    from {{ ref('int_posts__in_context') }}
    where not is_brand and not is_repost and account_key is not null
),

people as (
    select
        record_key as account_key,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'account'
),

answers as (
    select
        answers.post_key as answer_post_key,
        questions.post_key as question_post_key,
        answers.account_key as helper_account_key,
        questions.account_key as asker_account_key,
        helpers.customer_key as helper_customer_key,
        askers.customer_key as asker_customer_key,
        answers.thread_key,
        answers.created_at
    from posts as answers
    inner join posts as questions
        on answers.in_reply_to_post_key = questions.post_key
    inner join people as helpers
        on answers.account_key = helpers.account_key
    inner join people as askers
        on questions.account_key = askers.account_key
    where
        not answers.is_automated
        -- Who only complains has asked nothing, and who complains along has answered nothing.
        and (
            list_contains(questions.intents, 'question')
            or (
                list_contains(questions.intents, 'problem_report')
                and not list_contains(questions.intents, 'complaint')
            )
        )
        and not coalesce(list_has_any(answers.intents, ['complaint', 'problem_report']), false)
        -- Nobody helps themselves, from a second account either.
        and helpers.customer_key != askers.customer_key
),

thanks as (
    select
        account_key,
        replied_account_key,
        thread_key,
        in_reply_to_post_key,
        created_at
    from posts
    where list_contains(intents, 'thanks')
),

-- Thanks in reply to what somebody else wrote are for them alone.
general_thanks as (
    select
        account_key,
        thread_key,
        max(created_at) as last_thanked_at
    from thanks
    where coalesce(replied_account_key = account_key, in_reply_to_post_key is null)
    group by account_key, thread_key
),

direct_thanks as (
    select distinct
        account_key,
        in_reply_to_post_key
    from thanks
    where in_reply_to_post_key is not null
),

-- One acceptance may be delivered as a state and as a vote: an answer is accepted once.
acceptances as (
    select distinct post_key
    from {{ ref('stg_social__interactions') }}
    where interaction_type = 'acceptance'
)

select
    answers.*,
    direct_thanks.account_key is not null
    or coalesce(general_thanks.last_thanked_at > answers.created_at, false) as is_thanked,
    acceptances.post_key is not null as is_accepted
from answers
left join direct_thanks
    on
        answers.answer_post_key = direct_thanks.in_reply_to_post_key
        and answers.asker_account_key = direct_thanks.account_key
left join general_thanks
    on
        answers.asker_account_key = general_thanks.account_key
        and answers.thread_key = general_thanks.thread_key
left join acceptances
    on answers.answer_post_key = acceptances.post_key
