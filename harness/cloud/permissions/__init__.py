"""Whether IAM lets a call happen, as an option of the local cloud.

`evaluation` decides about statements, and knows no cloud. `operations`
tells which permissions a call needs, `identities` whose policies count,
`guard` puts it all in the way of the calls, and `recoveries` of what DRS
does in the name of a caller.

moto evaluates policies, too, but only in its server and only in part: it
takes every request for one on the resource `*`, a condition that does not
hold for a denial, and knows neither `NotResource` nor `?`.
"""
