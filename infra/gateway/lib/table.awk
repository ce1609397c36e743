# A listing of a table, an element a line, without what changes by itself: counters' figures, what is left of a time, and the
# elements of sets that packets fill.

/^\t(set|map) / { dynamic = 0 }
/^\t\tflags .*(dynamic|timeout)/ { dynamic = 1 }
{
    gsub(/ packets [0-9]+ bytes [0-9]+/, "")
    gsub(/ (expires|used) [0-9a-z]+( [a-z]+)?/, "")
}
/^\t\telements = \{/ || inside {
    inside = !/\}$/
    if (dynamic) next
    sub(/^\t\telements = \{ */, ""); sub(/ *\}$/, ""); sub(/^[ \t]+/, ""); sub(/,$/, "")
    n = split($0, element, ", ")
    for (i = 1; i <= n; i++) if (element[i] != "") print "\t\t" element[i]
    next
}
{ print }
