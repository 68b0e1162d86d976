with
evidence as (
    select
        customer_key,
        signal,
        count(*) as evidence_count,
        max(happened_at) as last_evidence_at
    from {{ ref('mart_churn_evidence') }}
    group by customer_key, signal
)

select
    signals.customer_key,
    signals.signal,
    case signals.signal
        when 'stated_intent' then 'posts and answers that speak of leaving'
        when 'falling_feeling' then 'upper bound of the change of net feeling'
        when 'detractor_answer' then 'last answer to how likely they are to recommend, 0 to 10'
        when 'unanswered_complaint' then 'hours that a complaint has waited for an answer'
        when 'overdue_purchase' then 'days since the last purchase, in own mean gaps'
        when 'low_alive_probability' then 'probability of still being a customer'
        when 'expiring_points' then 'days until loyalty points expire'
    end as measure,
    signals.measured_value,
    case
        when signals.signal in ('stated_intent', 'unanswered_complaint', 'overdue_purchase')
            then 'at least'
        else 'at most'
    end as limit_direction,
    signals.limit_value,
    signals.inputs,
    evidence.evidence_count,
    'churn 1' as formula_version,
    evidence.last_evidence_at,
    signals.as_of_at
from {{ ref('int_churn__signals') }} as signals
inner join evidence
    on signals.customer_key = evidence.customer_key and signals.signal = evidence.signal
