with
signals as (
    select * from {{ ref('int_churn__voice_signals') }}
    union all
    select * from {{ ref('int_churn__value_signals') }}
)

select
    signals.customer_key,
    signals.signal,
    signals.measured_value,
    signals.limit_value,
    signals.inputs,
    signals.evidence,
    signals.as_of_at
from signals
anti join {{ ref('int_people__employees') }} as employees
    on signals.customer_key = employees.customer_key
