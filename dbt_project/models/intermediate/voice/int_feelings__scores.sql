with
posts as (
    select * from {{ ref('int_people__brand_posts') }}
),

answers as (
    select *
    from {{ ref('fct_survey_responses') }}
    where customer_key is not null and brand is not null and nps_score is not null
),

window_of_feeling as (
    select
        as_of_at,
        as_of_at - to_days({{ var('feeling_window_days') }}) as window_starts_at
    from {{ ref('int_voice__as_of') }}
),

counted_posts as (
    select
        posts.customer_key,
        posts.brand,
        count(*) as posts_count,
        count(distinct posts.created_at::date) as days_count,
        count(*) filter (where posts.sentiment_label = 'positive') as positive_count,
        count(*) filter (where posts.sentiment_label = 'negative') as negative_count,
        count(*) filter (where posts.is_praise) as praise_count,
        count(*) filter (where posts.is_complaint) as complaint_count,
        max(posts.created_at) as last_post_at
    from posts
    inner join window_of_feeling
        on
            posts.created_at > window_of_feeling.window_starts_at
            and posts.created_at <= window_of_feeling.as_of_at
    group by posts.customer_key, posts.brand
),

counted_answers as (
    select
        answers.customer_key,
        answers.brand,
        count(*) as answers_count,
        count(*) filter (where answers.nps_score >= 9) as promoter_answers_count,
        count(*) filter (where answers.nps_score <= 6) as detractor_answers_count
    from answers
    inner join window_of_feeling
        on
            answers.answered_at > window_of_feeling.window_starts_at
            and answers.answered_at <= window_of_feeling.as_of_at
    group by answers.customer_key, answers.brand
),

joined as (
    select
        coalesce(posts.customer_key, answers.customer_key) as customer_key,
        coalesce(posts.brand, answers.brand) as brand,
        coalesce(posts.posts_count, 0) as posts_count,
        coalesce(posts.days_count, 0) as days_count,
        coalesce(posts.positive_count, 0) as positive_count,
        coalesce(posts.negative_count, 0) as negative_count,
        coalesce(posts.praise_count, 0) as praise_count,
        coalesce(posts.complaint_count, 0) as complaint_count,
        coalesce(answers.answers_count, 0) as answers_count,
        coalesce(answers.promoter_answers_count, 0) as promoter_answers_count,
        coalesce(answers.detractor_answers_count, 0) as detractor_answers_count,
        posts.last_post_at
    from counted_posts as posts
    full outer join counted_answers as answers
        on posts.customer_key = answers.customer_key and posts.brand = answers.brand
),

inputs as (
    select
        joined.*,
        window_of_feeling.as_of_at,
        -- Two neutral posts are added: one post alone is no clear feeling.
        case
            when joined.posts_count > 0
                then (joined.positive_count - joined.negative_count) / (joined.posts_count + 2)
        end as net_sentiment,
        case
            when joined.posts_count > 0
                then (joined.praise_count - joined.complaint_count) / (joined.posts_count + 2)
        end as stated_intents,
        case
            when joined.answers_count > 0
                then
                    (joined.promoter_answers_count - joined.detractor_answers_count)
                    / joined.answers_count
        end as recommendation,
        {{ var('feeling_weights')['net_sentiment'] }}::double as net_sentiment_weight,
        {{ var('feeling_weights')['stated_intents'] }}::double as stated_intents_weight,
        {{ var('feeling_weights')['recommendation'] }}::double as recommendation_weight
    from joined
    cross join window_of_feeling
)

select
    *,
    (
        coalesce(net_sentiment * net_sentiment_weight, 0)
        + coalesce(stated_intents * stated_intents_weight, 0)
        + coalesce(recommendation * recommendation_weight, 0)
    ) / (
        case when posts_count > 0 then net_sentiment_weight + stated_intents_weight else 0 end
        + case when answers_count > 0 then recommendation_weight else 0 end
    ) as feeling_score,
    'feeling 1' as formula_version
from inputs
