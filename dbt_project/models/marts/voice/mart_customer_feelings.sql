select
    customer_key,
    brand,
    date_trunc('month', created_at)::date as month_date,
    count(*) as posts_count,
    count(*) filter (where sentiment_label = 'positive') as positive_posts_count,
    count(*) filter (where sentiment_label = 'neutral') as neutral_posts_count,
    count(*) filter (where sentiment_label = 'negative') as negative_posts_count,
    (
        count(*) filter (where sentiment_label = 'positive')
        - count(*) filter (where sentiment_label = 'negative')
    ) / count(*) as net_sentiment,
    count(*) filter (where emotion_label is not null) as posts_with_emotion_count,
    count(*) filter (where emotion_label = 'joy') as joy_count,
    count(*) filter (where emotion_label = 'optimism') as optimism_count,
    count(*) filter (where emotion_label = 'anger') as anger_count,
    count(*) filter (where emotion_label = 'sadness') as sadness_count,
    count(*) filter (where emotion_label = 'fear') as fear_count,
    count(*) filter (where emotion_label = 'surprise') as surprise_count
from {{ ref('int_people__brand_posts') }}
group by customer_key, brand, date_trunc('month', created_at)
