with
identifiers as (
    select identifiers.*
    from {{ ref('int_identity__identifiers') }} as identifiers
    left join {{ ref('int_identity__shared_identifiers') }} as shared_identifiers
        on
            identifiers.identifier_type = shared_identifiers.identifier_type
            and identifiers.source = shared_identifiers.source
            and identifiers.identifier = shared_identifiers.identifier
    where identifiers.identifier_type != 'phone' and shared_identifiers.identifier is null
),

holders as (
    select
        {{ surrogate_key("'crm'", 'identifiers.customer_id') }} as record_key,
        identifiers.identifier_type,
        identifiers.source,
        identifiers.identifier,
        fields.given_name,
        fields.given_name_forms,
        fields.family_name,
        fields.birth_date
    from identifiers
    left join {{ ref('int_identity__source_fields') }} as fields
        on identifiers.customer_id = fields.customer_id
),

holder_pairs as (
    select
        one.record_key,
        other.record_key as other_record_key,
        one.identifier_type,
        one.source,
        one.identifier,
        one.given_name is not null and other.given_name is not null as are_both_named,
        -- Of two who share a key, a couple or a parent and a child are told apart by their names.
        coalesce(
            jaro_winkler_similarity(one.given_name, other.given_name)
            < {{ var('different_name_similarity') }}
            and not list_has_any(one.given_name_forms, other.given_name_forms)
            and one.given_name is distinct from other.family_name
            and other.given_name is distinct from one.family_name
            and coalesce(one.birth_date != other.birth_date, true),
            false
        ) as are_different_people
    from holders as one
    inner join holders as other
        on
            one.identifier_type = other.identifier_type
            and one.source = other.source
            and one.identifier = other.identifier
            and one.record_key < other.record_key
),

told_apart as (
    select
        *,
        bool_or(are_different_people) over (
            partition by identifier_type, source, identifier
        ) as is_key_of_different_people
    from holder_pairs
),

keys_of_different_people as (
    select distinct
        identifier_type,
        source,
        identifier
    from told_apart
    where is_key_of_different_people
),

declared_accounts as (
    select
        holders.record_key,
        {{ surrogate_key('holders.source', 'holders.identifier') }} as other_record_key,
        holders.identifier_type,
        holders.source,
        holders.identifier,
        -- Whose of several people an account is nobody knows.
        keys_of_different_people.identifier is null as is_kept
    from holders
    left join keys_of_different_people
        on
            holders.identifier_type = keys_of_different_people.identifier_type
            and holders.source = keys_of_different_people.source
            and holders.identifier = keys_of_different_people.identifier
    where holders.identifier_type = 'account'
)

select
    record_key,
    other_record_key,
    identifier_type,
    source,
    identifier,
    -- Somebody without a name may be any of the different people.
    not are_different_people and (are_both_named or not is_key_of_different_people) as is_kept
from told_apart

union all

select * from declared_accounts
