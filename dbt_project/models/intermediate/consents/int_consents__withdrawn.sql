with
withdrawals as (
    select *
    from {{ ref('int_consents__standing') }}
    where not is_granted
),

protected as (
    select
        'customer' as protected_type,
        customer_key as protected_key,
        subject_id,
        purpose,
        contact_channel
    from withdrawals

    union all

    select
        'email' as protected_type,
        email_key as protected_key,
        subject_id,
        purpose,
        contact_channel
    from withdrawals

    union all

    select
        'phone' as protected_type,
        phone_key as protected_key,
        subject_id,
        purpose,
        contact_channel
    from withdrawals
)

select distinct
    protected_type,
    protected_key,
    subject_id,
    purpose,
    contact_channel
from protected
where protected_key is not null
