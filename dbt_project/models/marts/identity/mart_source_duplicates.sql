with
fields as (
    select
        record_key,
        source
    from {{ ref('int_identity__source_fields') }}
),

people as (
    select * from {{ ref('int_identity__people') }}
),

records as (
    select
        fields.source,
        people.record_id as customer_id,
        people.customer_key,
        people.rule,
        people.score,
        count(*) over same_person as records_count,
        first_value(people.record_id) over same_person as first_customer_id
    from people
    inner join fields
        on people.record_key = fields.record_key
    window
        same_person as (
            partition by fields.source, people.customer_key
            order by people.is_first_record desc, people.record_id asc
            rows between unbounded preceding and unbounded following
        )
)

select
    source,
    customer_id,
    customer_key,
    first_customer_id,
    records_count,
    rule,
    score
from records
where records_count > 1
