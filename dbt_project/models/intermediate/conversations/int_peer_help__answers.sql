{% set answering_score = 0.5 %}

with
posts as (
    select *
    from {{ ref('int_posts__in_context') }}
    where not is_brand and not is_automated and not is_repost and account_key is not null
),

employees as (
    select customer_key from {{ ref('int_people__employees') }}
),

-- Who works for the brand helps no peer, and is none.
people as (
    select
        people.record_key as account_key,
        people.customer_key
    from {{ ref('int_identity__people') }} as people
    anti join employees
        on people.customer_key = employees.customer_key
    where people.record_type = 'account'
),

replies as (
    select
        answers.post_key as answer_post_key,
        questions.post_key as question_post_key,
        answers.account_key as helper_account_key,
        questions.account_key as asker_account_key,
        helpers.customer_key as helper_customer_key,
        askers.customer_key as asker_customer_key,
        answers.thread_key,
        answers.created_at,
        answers.answer_score,
        coalesce(list_contains(answers.intents, 'complaint'), false) as is_complaint
    from posts as answers
    inner join posts as questions
        on answers.in_reply_to_post_key = questions.post_key
    inner join people as helpers
        on answers.account_key = helpers.account_key
    inner join people as askers
        on questions.account_key = askers.account_key
    where
        -- Who only complains has asked nothing.
        (
            list_contains(questions.intents, 'question')
            or (
                list_contains(questions.intents, 'problem_report')
                and not list_contains(questions.intents, 'complaint')
            )
        )
        -- Whoever answers in a thread often names a problem, and is not asking about it.
        and not coalesce(
            questions.in_reply_to_post_key is not null
            and questions.answer_score >= {{ answering_score }},
            false
        )
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
),

witnessed as (
    select
        replies.*,
        direct_thanks.account_key is not null as is_thanked_directly,
        direct_thanks.account_key is not null
        or coalesce(general_thanks.last_thanked_at > replies.created_at, false) as is_thanked,
        acceptances.post_key is not null as is_accepted,
        coalesce(replies.answer_score >= {{ answering_score }}, false) as is_read_as_answer
    from replies
    left join direct_thanks
        on
            replies.answer_post_key = direct_thanks.in_reply_to_post_key
            and replies.asker_account_key = direct_thanks.account_key
    left join general_thanks
        on
            replies.asker_account_key = general_thanks.account_key
            and replies.thread_key = general_thanks.thread_key
    left join acceptances
        on replies.answer_post_key = acceptances.post_key
)

select
    answer_post_key,
    question_post_key,
    helper_account_key,
    asker_account_key,
    helper_customer_key,
    asker_customer_key,
    thread_key,
    created_at,
    answer_score,
    is_read_as_answer,
    is_thanked,
    is_accepted,
    list_filter(
        [
            case when is_accepted then 'accepted' end,
            case when is_thanked_directly then 'thanked in reply' end,
            case when is_thanked and not is_thanked_directly then 'thanked in the thread' end,
            case when is_read_as_answer then 'reads as an answer' end,
            case when answer_score is null then 'not read' end
        ],
        lambda signal: signal is not null
    ) as evidence
from witnessed
-- Who accepts or thanks knows best; else the text must read as an answer, where it can be read.
where
    is_accepted
    or is_thanked_directly
    or is_read_as_answer
    or (answer_score is null and not is_complaint)
