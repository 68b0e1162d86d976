with
identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

shared_identifiers as (
    select * from {{ ref('int_identity__shared_identifiers') }}
)

select
    {{ surrogate_key("'crm'", 'identifiers.customer_id') }} as record_key,
    identifiers.identifier_type,
    -- An account is itself a record; an e-mail or a card only holds records together.
    case
        when identifiers.identifier_type = 'account'
            then {{ surrogate_key('identifiers.source', 'identifiers.identifier') }}
        else {{ surrogate_key('identifiers.identifier_type', 'identifiers.identifier') }}
    end as node_key
from identifiers
left join shared_identifiers
    on
        identifiers.identifier_type = shared_identifiers.identifier_type
        and identifiers.source = shared_identifiers.source
        and identifiers.identifier = shared_identifiers.identifier
where identifiers.identifier_type != 'phone' and shared_identifiers.identifier is null
