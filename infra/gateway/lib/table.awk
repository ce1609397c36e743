# What a listing of a table means: an element a line and in one order, without remarks (nft 1.1.6 and newer count a set's elements in one),
# without counters' figures and what is left of a time, and without the elements of sets that packets fill. Two tables that do the same are
# then the same text, whatever order they were filled in and whichever nft lists them.

/^\t(set|map) / { dynamic = 0 }
# What has ended comes from the clock; drift.sh looks at it apart.
/^\tset ended / { dynamic = 1 }
/^\t\tflags .*(dynamic|timeout)/ { dynamic = 1 }
/^\t\telements = \{/ || inside {
    sub(/^\t\telements = \{/, "")
    text = meaning($0, "\n")
    inside = !sub(/ *\}$/, "", text)
    if (!dynamic) elements(text)
    if (!inside) close(sort)
    next
}
{ print meaning($0, ", ") }

BEGIN { sort = "LC_ALL=C sort" }

function elements(text,   i, n, element) {
    fflush()
    n = split(text, element, "\n")
    for (i = 1; i <= n; i++) {
        gsub(/^[ \t]+|[ ,]+$/, "", element[i])
        if (element[i] != "") print "\t\t" element[i] | sort
    }
}

# A line without what does not count, its commas replaced. What stands in quotes is somebody's text.
function meaning(line, comma,   i, n, part, plain, all) {
    n = split(line, part, "\"")
    for (i = 1; i <= n; i += 2) {
        plain = part[i]
        if (sub(/[ \t]*#.*/, "", plain)) n = i
        gsub(/ packets [0-9]+ bytes [0-9]+/, "", plain)
        gsub(/ (expires|used) [0-9a-z]+( [a-z]+)?/, "", plain)
        gsub(/, /, comma, plain)
        all = all plain (i < n ? "\"" part[i + 1] "\"" : "")
    }
    return all
}
