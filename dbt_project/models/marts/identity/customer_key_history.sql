with
recursive people as (
    select
        record_key,
        customer_key
    from {{ ref('int_identity__people') }}
),

published_keys as (
    select * from {{ ref('int_identity__published_keys') }}
),

keys_in_use as (
    select distinct customer_key from people
),

newest_capture as (
    select captured_at from {{ ref('int_capture__newest') }}
),

parting_decisions as (
    select distinct
        one.customer_key,
        other.customer_key as other_customer_key
    from {{ ref('int_identity__decisions') }} as decisions
    inner join people as one
        on decisions.record_key = one.record_key
    inner join people as other
        on decisions.other_record_key = other.record_key
    where decisions.is_in_force and decisions.decision = 'apart'
),

-- Whose the records of each published person are now; nobody's where they are gone.
moves as (
    select
        published_keys.customer_key,
        people.customer_key as new_customer_key,
        count(*) as records_count
    from published_keys
    left join people
        on published_keys.record_key = people.record_key
    group by published_keys.customer_key, people.customer_key
),

reasons as (
    select
        record_key,
        other_record_key,
        rule,
        rule_order
    from {{ ref('int_identity__reasons') }}
    union all
    select
        other_record_key as record_key,
        record_key as other_record_key,
        rule,
        rule_order
    from {{ ref('int_identity__reasons') }}
),

-- The strongest of what holds the records of a published person to those of others.
merging_reasons as (
    select
        published_keys.customer_key,
        arg_min(reasons.rule, reasons.rule_order) as rule
    from published_keys
    inner join reasons
        on published_keys.record_key = reasons.record_key
    left join published_keys as others
        on reasons.other_record_key = others.record_key
    where others.customer_key is distinct from published_keys.customer_key
    group by published_keys.customer_key
),

changes as (
    select
        moves.customer_key,
        moves.new_customer_key,
        case
            when moves.new_customer_key is null then 'removed'
            when keys_in_use.customer_key is null then 'merged'
            else 'split'
        end as change,
        case
            when moves.new_customer_key is null then 'no record of the person is left'
            when keys_in_use.customer_key is null
                then coalesce(merging_reasons.rule, 'held together by other records')
            when parting_decisions.customer_key is not null then 'decision of a steward'
            else 'nothing holds the records together any more'
        end as reason,
        moves.records_count,
        newest_capture.captured_at as changed_at
    from moves
    cross join newest_capture
    left join keys_in_use
        on moves.customer_key = keys_in_use.customer_key
    left join merging_reasons
        on moves.customer_key = merging_reasons.customer_key
    left join parting_decisions
        on
            least(moves.customer_key, moves.new_customer_key)
            = least(parting_decisions.customer_key, parting_decisions.other_customer_key)
            and greatest(moves.customer_key, moves.new_customer_key)
            = greatest(parting_decisions.customer_key, parting_decisions.other_customer_key)
    where
        moves.customer_key is distinct from moves.new_customer_key
        -- Some records of a person may go while others stay, under whatever key.
        and (
            moves.new_customer_key is not null
            or not exists (
                select 1
                from moves as others
                where
                    others.customer_key = moves.customer_key
                    and others.new_customer_key is not null
            )
        )
),

history as (
    select distinct on (customer_key, new_customer_key, change, changed_at) *
    from (
        select * from {{ ref('int_identity__published_history') }}
        union all
        select * from changes
    )
),

-- Where each key leads: to the largest part of what became of it last.
followers as (
    select
        history.customer_key,
        arg_max_null(
            history.new_customer_key,
            row(history.changed_at, history.records_count, history.new_customer_key)
        ) as next_customer_key
    from history
    left join keys_in_use
        on history.customer_key = keys_in_use.customer_key
    where keys_in_use.customer_key is null
    group by history.customer_key
),

paths as (
    select
        customer_key,
        next_customer_key,
        1 as steps_count
    from followers

    union all

    select
        paths.customer_key,
        followers.next_customer_key,
        paths.steps_count + 1 as steps_count
    from paths
    inner join followers
        on paths.next_customer_key = followers.customer_key
    where paths.steps_count < 1000
),

ends as (
    select
        customer_key,
        arg_max_null(next_customer_key, steps_count) as current_customer_key
    from paths
    group by customer_key
)

select
    history.customer_key,
    history.new_customer_key,
    case
        when keys_in_use.customer_key is not null then history.customer_key
        else ends.current_customer_key
    end as current_customer_key,
    history.change,
    history.reason,
    history.records_count,
    history.changed_at
from history
left join keys_in_use
    on history.customer_key = keys_in_use.customer_key
left join ends
    on history.customer_key = ends.customer_key
