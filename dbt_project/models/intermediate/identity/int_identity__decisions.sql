with
newest_decisions as (
    select * exclude (first_place, last_place)
    from ({{ with_places(ref('stg_crm__identity_decisions'), 'identity_decisions') }}) as versions
    qualify row_number() over (
        partition by decision_id
        order by {{ newest_first('decided_at', is_deleted='is_withdrawn') }}
    ) = 1
),

records as (
    select record_key from {{ ref('int_identity__records') }}
),

ordered as (
    select
        newest_decisions.* exclude (record_key, other_record_key),
        least(newest_decisions.record_key, newest_decisions.other_record_key) as record_key,
        greatest(newest_decisions.record_key, newest_decisions.other_record_key)
            as other_record_key,
        records.record_key is not null and other_records.record_key is not null as are_known
    from newest_decisions
    left join records
        on newest_decisions.record_key = records.record_key
    left join records as other_records
        on newest_decisions.other_record_key = other_records.record_key
),

judged as (
    select
        *,
        case
            when is_withdrawn then 'withdrawn'
            when record_key = other_record_key then 'one and the same record'
            when not are_known then 'unknown record'
            -- Of what is decided of the same two records, the last counts.
            when
                row_number() over (
                    partition by record_key, other_record_key, is_withdrawn
                    order by decided_at desc, decision_id asc
                ) > 1
                then 'replaced by a newer decision'
            else 'in force'
        end as outcome
    from ordered
)

select
    *,
    outcome = 'in force' as is_in_force
from judged
