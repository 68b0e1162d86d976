with
consents as (
    select * from {{ ref('int_consents__people') }}
),

-- What each subject said last of a purpose and means; of one moment, the withdrawal.
last_statements as (
    select *
    from consents
    qualify row_number() over (
        partition by subject_id, purpose, contact_channel
        order by counts_from_at desc nulls last, is_granted asc, consent_id asc
    ) = 1
),

withdrawn_by_all_means as (
    select
        subject_id,
        purpose,
        changed_at
    from last_statements
    where contact_channel is null and not is_granted
)

select
    last_statements.consent_key,
    last_statements.consent_id,
    last_statements.subject_id,
    last_statements.customer_key,
    last_statements.customer_id,
    last_statements.email_key,
    last_statements.phone_key,
    last_statements.purpose,
    last_statements.contact_channel,
    last_statements.legal_basis,
    last_statements.origin,
    last_statements.is_granted and withdrawn_by_all_means.subject_id is null as is_granted,
    last_statements.changed_at
from last_statements
left join withdrawn_by_all_means
    on
        last_statements.subject_id = withdrawn_by_all_means.subject_id
        and last_statements.purpose = withdrawn_by_all_means.purpose
        -- A consent that names its means and came later stands.
        and coalesce(last_statements.counts_from_at, '-infinity')
        <= withdrawn_by_all_means.changed_at
