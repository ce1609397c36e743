# Makes a file from an older one: awk -f patch.awk PATCH OLD. The patch is in the RCS format of "diff -n": "dLINE COUNT" takes
# lines away, "aLINE COUNT" puts the lines that follow it behind a line of the old file; in the order of the old file.
# Whether the outcome is right is not asked here: its hash says that.

NR == FNR && adding > 0 { text[n] = text[n] $0 "\n"; adding--; next }
NR == FNR && /^[ad][0-9]+ [0-9]+$/ {
    n++
    at[n] = substr($1, 2) + 0
    if (/^d/) { gone[n] = $2; next }
    adding = $2
    next
}
NR == FNR { exit 1 }

FNR == 1 { put(0) }
{
    if (i < n && at[i + 1] == FNR && gone[i + 1]) { skip = gone[++i] }
    if (skip > 0) skip--
    else print
    if (i < n && at[i + 1] <= FNR) put(FNR)
}
# A patch of an empty file.
END { put(0) }

function put(line) { while (i < n && at[i + 1] == line && !gone[i + 1]) printf "%s", text[++i] }
