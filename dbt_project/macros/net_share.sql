{#-
    A net share is (plus - minus) / total, from -1 to 1: the Net Promoter Score and net sentiment
    are such shares. All arguments are SQL expressions that count; where `total` is null, so is what
    comes out: `greatest` and `least` alone pass over what is null, and would give a limit.

    `net_share_error` is its standard error, sqrt((p + m - (p - m)^2) / n). It is 0 where all agree,
    however few they are; `net_share_bound` gives an interval of 95 % that holds of few answers too:
    the adjusted Wald interval, which adds three quarters of an answer to either side and one and a
    half in between (Rocks, "Interval Estimation for the Net Promoter Score", 2016). Of a single
    answer it would end short of the share itself, and so reaches as far as that.
-#}
{% macro net_share_error(plus, minus, total) -%}
    sqrt(
        greatest(
            (({{ plus }}) + ({{ minus }})) / ({{ total }})
            - pow((({{ plus }}) - ({{ minus }})) / ({{ total }}), 2),
            0
        ) / ({{ total }})
    )
{%- endmacro %}

{% macro net_share_bound(plus, minus, total, side) -%}
    case
        when ({{ total }}) is not null
            then {{ "least" if side == "-" else "greatest" }}(
                (({{ plus }}) - ({{ minus }})) / ({{ total }}),
                least(
                    1,
                    greatest(
                        -1,
                        (({{ plus }}) - ({{ minus }})) / (({{ total }}) + 3)
                        {{ side }} 1.959964
                        * {{ net_share_error(plus ~ ' + 0.75', minus ~ ' + 0.75', total ~ ' + 3') }}
                    )
                )
            )
    end
{%- endmacro %}
