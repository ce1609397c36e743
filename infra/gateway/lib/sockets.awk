# Compares what should listen (first file) with what "ss -Hlntu --cgroup" or "ss -Hlntup" says (second file, "-").
#   -v mode=held   first file: PROTO FAMILY PORT; prints the first one that a stranger holds
#   -v mode=ours   first file: PROTO FAMILY PORT ENGINE; prints the first one that our ENGINE does not hold
#   -v mode=release -v of=ENGINE   the same file; prints the first one that ENGINE still holds and another is to have

# Which of our services a process belongs to: its control group says so, whatever it calls itself.
function engine(pid,   line, path) {
    if (pid in known) return known[pid]
    known[pid] = ""
    path = "/proc/" pid "/cgroup"
    while ((getline line < path) > 0)
        if (match(line, /\/chatops-(nginx|haproxy|dnsmasq|pgbouncer|kamailio|unbound)\.service/)) {
            known[pid] = substr(line, RSTART + 9, RLENGTH - 17)
            break
        }
    close(path)
    return known[pid]
}

NR == FNR {
    # Two engines may have one port, each on an address of its own: dnsmasq and unbound.
    if (!seen[$0]++) order[++n] = $0
    want[$1, $2, $3] = 1
    next
}
{
    at = match($5, /:[0-9]+$/)
    port = substr($5, at + 1)
    address = substr($5, 1, at - 1)
    sub(/%.*/, "", address)
    # "*" is an IPv6 wildcard socket that takes IPv4 too.
    if (address == "*") four = six = 1
    else { six = address ~ /:/; four = !six }
    if (address ~ /^127\./ || address == "[::1]") next
    if (!(four && ($1, 4, port) in want) && !(six && ($1, 6, port) in want)) next
    rest = $0
    stranger = pid = ""
    while (match(rest, /\("[^"]*",pid=[0-9]+/)) {
        entry = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        pid = entry; sub(/.*pid=/, "", pid)
        program = entry; sub(/^\("/, "", program); sub(/",pid=.*/, "", program)
        ours = engine(pid)
        if (ours == "") stranger = program " (pid " pid ")"
        else {
            if (four) held[$1, 4, port, ours] = 1
            if (six) held[$1, 6, port, ours] = 1
        }
    }
    if (match($0, /cgroup:[^ ]*/)) {
        group = substr($0, RSTART, RLENGTH)
        if (match(group, /\/chatops-(nginx|haproxy|dnsmasq|pgbouncer|kamailio|unbound)\.service/)) {
            ours = substr(group, RSTART + 9, RLENGTH - 17)
            if (four) held[$1, 4, port, ours] = 1
            if (six) held[$1, 6, port, ours] = 1
        } else stranger = group
    }
    # A socket without a process is the kernel's own, such as WireGuard's.
    else if (pid == "") stranger = "the kernel"
    if (stranger != "") {
        if (four) taken[$1, 4, port] = stranger
        if (six) taken[$1, 6, port] = stranger
    }
}
END {
    for (i = 1; i <= n; i++) {
        split(order[i], f, " ")
        if (mode == "held" && (f[1], f[2], f[3]) in taken) {
            print f[1], f[3], "is held by", taken[f[1], f[2], f[3]]
            exit
        }
        if (mode == "release" && f[4] != of && (f[1], f[2], f[3], of) in held) { print order[i]; exit }
        if (mode == "ours" && !((f[1], f[2], f[3], f[4]) in held)) {
            text = "nothing of " f[4] " listens on " f[1] " " f[3] " (IPv" f[2] ")"
            if ((f[1], f[2], f[3]) in taken) text = text "; it is held by " taken[f[1], f[2], f[3]]
            print text
            exit
        }
    }
}
