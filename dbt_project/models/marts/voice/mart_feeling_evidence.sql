with
labelled as (
    select
        customer_key,
        brand,
        label,
        as_of_at
    from {{ ref('mart_feeling_scores') }}
    where label in ('ambassador', 'detractor') and not is_competitor
),

posts as (
    select
        labelled.customer_key,
        labelled.brand,
        labelled.label,
        'post' as evidence_type,
        posts.post_key,
        null::varchar as survey_response_key,
        posts.sentiment_label,
        posts.sentiment_score,
        null::bigint as nps_score,
        case posts.sentiment_label when 'positive' then 1 when 'negative' then -1 else 0 end
            as direction,
        posts.created_at as happened_at
    from labelled
    inner join {{ ref('int_people__brand_posts') }} as posts
        on
            labelled.customer_key = posts.customer_key
            and labelled.brand = posts.brand
            and posts.created_at > labelled.as_of_at - to_days({{ var('feeling_window_days') }})
            and labelled.as_of_at >= posts.created_at
),

answers as (
    select
        labelled.customer_key,
        labelled.brand,
        labelled.label,
        'survey_response' as evidence_type,
        null::varchar as post_key,
        answers.survey_response_key,
        answers.sentiment_label,
        answers.sentiment_score,
        answers.nps_score,
        case when answers.nps_score >= 9 then 1 when answers.nps_score <= 6 then -1 else 0 end
            as direction,
        answers.answered_at as happened_at
    from labelled
    inner join {{ ref('fct_survey_responses') }} as answers
        on
            labelled.customer_key = answers.customer_key
            and labelled.brand = answers.brand
            and answers.answered_at > labelled.as_of_at - to_days({{ var('feeling_window_days') }})
            and labelled.as_of_at >= answers.answered_at
    where answers.nps_score is not null
)

select * from posts
union all
select * from answers
