"""What a link looks like, for parts that read a text as if links were not there.

Masking, which takes a link apart, and the recogniser and the signs of spam, which learnt on what
they take for one, have expressions of their own.
"""

LINK = r"https?\b\S*+|www\.\S++"
"""To be built into other expressions; each match is a whole link."""
