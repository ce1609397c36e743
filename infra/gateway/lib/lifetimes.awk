# What of a revision's lifetimes has ended? Called as: awk -v now=UNIXTIME -v opened=UNIXTIME -f lifetimes.awk ENDED LIFETIMES
#   LIFETIMES: PROTO PORT END, or web NAME END [ADDRESS PORT]. END is a UNIX time, or +SECONDS from opened, when the revision was first
#   confirmed (0: not yet, so nothing of that kind has begun to end).
#   ENDED: lines of this kind, with UNIX times, that had ended before: no clock that is set back opens them again.
# Prints "shut KIND NAME" for what is closed, "fresh LINE" for what has ended and is not in ENDED, "past LINE" for what is there,
# "next UNIXTIME" for when to look again. A port of several lines, such as that of web addresses, ends with the last of them.

FILENAME == ARGV[1] { over[$1, $2, $3] = 1; next }
{
    end = $3
    if (end ~ /^\+/) end = opened ? opened + substr(end, 2) : now + substr(end, 2)
    line = $1 " " $2 " " end
    if (NF > 3) line = line " " $4 " " $5
    names[$1 " " $2] = 1
    if (($1, $2, end) in over) print "past", line
    else {
        if (!next_end || end < next_end) next_end = end
        if (end <= now) print "fresh", line
        else open[$1 " " $2] = 1
    }
}
END {
    for (name in names) if (!(name in open)) print "shut", name
    if (next_end) print "next", next_end
}
