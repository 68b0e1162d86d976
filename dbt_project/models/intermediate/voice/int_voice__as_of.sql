with
moments as (
    select created_at as happened_at
    from {{ ref('fct_posts') }}
    where customer_key is not null

    union all

    select answered_at as happened_at
    from {{ ref('fct_survey_responses') }}
    where customer_key is not null
)

-- The data say what day it is: a build of the same data gives the same scores.
select {{ newest_moment('happened_at') }} as as_of_at
from moments
