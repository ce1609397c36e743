# Makes a file from an older one: awk -f patch.awk PATCH OLD. The patch is in the RCS format of "diff -n": "dLINE COUNT" takes
# lines away, "aLINE COUNT" puts the lines that follow it behind a line of the old file; in the order of the old file.
# Whether the outcome is right is not asked here: its hash says that.

BEGIN {
    while ((getline line < ARGV[1]) > 0) {
        if (adding > 0) { text[n] = text[n] line "\n"; adding--; continue }
        if (line !~ /^[ad][0-9]+ [0-9]+$/) exit bad = 1
        split(substr(line, 2), number, " ")
        at[++n] = number[1] + 0
        if (line ~ /^d/) gone[n] = number[2]; else adding = number[2]
    }
    ARGV[1] = ""
    i = 0
    put(0)
}

FNR < stop { print; next }
{
    if (i < n && at[i + 1] == FNR && gone[i + 1]) skip = gone[++i]
    if (skip > 0) skip--; else print
    put(FNR)
}
# A patch of an empty file.
END { if (bad) exit 1; put(0) }

# What comes behind a line; then nothing happens before the line "stop".
function put(line) {
    while (i < n && at[i + 1] <= line && !gone[i + 1]) printf "%s", text[++i]
    stop = skip > 0 ? 0 : i < n ? at[i + 1] : 1e9
}
