{#-
    The fifth, 1 to 5, that a row's value lies in among the rows of its partition, the greatest in
    5: its percentile, the middle one of those it shares with equal values, times five, rounded up.
    Equal values so share a quintile, whichever way the values are ordered. Whole numbers only, so
    that no rounding moves a row over a border. All arguments are SQL expressions.
-#}
{% macro quintile(value, partition, direction='asc') -%}
    ((
        5 * (
            2 * count(*) over (partition by {{ partition }} order by {{ value }} {{ direction }})
            - count(*) over (partition by {{ partition }}, {{ value }})
        )
        + 2 * count(*) over (partition by {{ partition }}) - 1
    ) // (2 * count(*) over (partition by {{ partition }})))::bigint
{%- endmacro %}
