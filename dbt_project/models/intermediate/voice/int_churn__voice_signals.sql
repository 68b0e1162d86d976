with
moments as (
    select
        as_of_at,
        as_of_at - to_days({{ var('churn_window_days') }}) as window_starts_at
    from {{ ref('int_voice__as_of') }}
),

competitors as (
    select brand
    from {{ ref('stg_config__brands') }}
    where is_competitor
),

posts as (
    select
        posts.*,
        moments.as_of_at
    from {{ ref('int_people__brand_posts') }} as posts
    inner join moments
        on posts.created_at > moments.window_starts_at and posts.created_at <= moments.as_of_at
    anti join competitors
        on posts.brand = competitors.brand
),

answers as (
    select
        answers.*,
        moments.as_of_at
    from {{ ref('fct_survey_responses') }} as answers
    inner join moments
        on
            answers.answered_at > moments.window_starts_at
            and answers.answered_at <= moments.as_of_at
    anti join competitors
        on answers.brand = competitors.brand
    where answers.customer_key is not null
),

-- A post about two brands is one statement.
statements as (
    select distinct
        customer_key,
        'post' as evidence_type,
        post_key as evidence_key,
        created_at as happened_at,
        as_of_at
    from posts
    where is_churn_risk

    union all

    select
        customer_key,
        'survey_response' as evidence_type,
        survey_response_key as evidence_key,
        answered_at as happened_at,
        as_of_at
    from answers
    where list_contains(intents, 'churn_risk')
),

stated_intents as (
    select
        customer_key,
        'stated_intent' as signal,
        count(*)::double as measured_value,
        1::double as limit_value,
        map(['last_statement_days'], [date_diff('day', max(happened_at), any_value(as_of_at))])
            as inputs,
        list(
            struct_pack(
                evidence_type := evidence_type,
                evidence_key := evidence_key,
                happened_at := happened_at
            )
        ) as evidence,
        any_value(as_of_at) as as_of_at
    from statements
    group by customer_key
),

falls as (
    select
        trends.*,
        row_number() over (
            partition by trends.customer_key
            order by trends.net_feeling_change_high, trends.brand, trends.measure
        ) as fall_rank
    from {{ ref('mart_feeling_trends') }} as trends
    anti join competitors
        on trends.brand = competitors.brand
    where trends.direction = 'falling'
),

-- Of several falls the one whose interval is farthest from none.
worst_falls as (
    select
        *,
        unnest(earlier_post_keys || later_post_keys) as post_key
    from falls
    where fall_rank = 1
),

falling_feelings as (
    select
        falls.customer_key,
        'falling_feeling' as signal,
        any_value(falls.net_feeling_change_high) as measured_value,
        0::double as limit_value,
        map(
            ['net_feeling_change', 'earlier_net_feeling', 'later_net_feeling'],
            [
                any_value(falls.net_feeling_change),
                any_value(falls.earlier_net_feeling),
                any_value(falls.later_net_feeling)
            ]
        ) as inputs,
        list(
            struct_pack(
                evidence_type := 'post',
                evidence_key := posts.post_key,
                happened_at := posts.created_at
            )
        ) as evidence,
        any_value(falls.as_of_at) as as_of_at
    from worst_falls as falls
    inner join posts
        on falls.brand = posts.brand and falls.post_key = posts.post_key
    group by falls.customer_key
),

last_answers as (
    select *
    from answers
    where nps_score is not null
    qualify row_number() over (
        partition by customer_key order by answered_at desc, survey_response_key desc
    ) = 1
),

detractor_answers as (
    select
        customer_key,
        'detractor_answer' as signal,
        nps_score::double as measured_value,
        6::double as limit_value,
        map(['answer_days'], [date_diff('day', answered_at, as_of_at)]) as inputs,
        [
            struct_pack(
                evidence_type := 'survey_response',
                evidence_key := survey_response_key,
                happened_at := answered_at
            )
        ] as evidence,
        as_of_at
    from last_answers
    where nps_score <= 6
),

complaints as (
    select
        posts.customer_key,
        messages.post_key,
        messages.created_at,
        moments.as_of_at,
        date_diff('second', messages.created_at, moments.as_of_at) / 3600 as waiting_hours
    from {{ ref('int_conversations__turns') }} as turns
    inner join {{ ref('int_conversations__messages') }} as messages
        on
            turns.conversation_key = messages.conversation_key
            and turns.started_at <= messages.created_at
    inner join {{ ref('fct_posts') }} as posts
        on messages.post_key = posts.post_key
    inner join {{ ref('fct_conversations') }} as conversations
        on turns.conversation_key = conversations.conversation_key
    inner join moments
        on
            messages.created_at > moments.window_starts_at
            and messages.created_at <= moments.as_of_at
    anti join competitors
        on conversations.brand = competitors.brand
    where
        turns.answered_at is null
        and not messages.is_brand
        and list_has_any(posts.intents, ['complaint', 'problem_report', 'churn_risk'])
),

unanswered_complaints as (
    select
        customer_key,
        'unanswered_complaint' as signal,
        max(waiting_hours) as measured_value,
        {{ var('churn_unanswered_hours') }}::double as limit_value,
        map(['complaints_count'], [count(*)]) as inputs,
        list(
            struct_pack(
                evidence_type := 'post', evidence_key := post_key, happened_at := created_at
            )
        ) as evidence,
        any_value(as_of_at) as as_of_at
    from complaints
    where waiting_hours >= {{ var('churn_unanswered_hours') }}
    group by customer_key
)

select * from stated_intents
union all
select * from falling_feelings
union all
select * from detractor_answers
union all
select * from unanswered_complaints
