# Compares the exposures and listeners of two revisions. Called as: awk -f compare.awk -v out=FOLDER/ DIFFERENCE
#   what=exposures side=old OLD/exposures side=new NEW/exposures what=listeners side=old OLD/listeners side=new NEW/listeners
# DIFFERENCE is that of the exposures, as "diff" prints it: only the ports and targets in it are looked at.
# Writes to FOLDER: plan.new (PROTO FAMILY PORT: public ports that were not there), plan.cut (flows to end), plan.targets
# (ADDR PORT: TCP targets that were not there), plan.moves ("haproxy nginx": that a listener went from one to the other).

what == "" {
    if (/^[<>]/) { touched[$2 " " $3] = 1; if ($4 != "nftables") touched[$2 " " $6 " " $7] = 1 }
    next
}
what == "exposures" && !(($1 " " $2) in touched) && ($3 == "nftables" || !(($1 " " $5 " " $6) in touched)) { next }
what == "exposures" && side == "old" { was[$1, $4, $2, $5, $6] = $3; open_before[$1, $4, $2] = 1; lines[++n] = $0 }
what == "exposures" && side == "new" {
    is[$1, $4, $2, $5, $6] = 1; open_now[$1, $4, $2] = 1
    if ($3 != "nftables") proxied[$1, $5, $6] = 1
    if (!(($1, $4, $2) in open_before) && !told[$1, $4, $2]++) print $1, $4, $2 > (out "plan.new")
    if (!(($1, $4, $2, $5, $6) in was) && $1 == "tcp" && !asked[$5, $6]++ && ++targets <= 20) print $5, $6 > (out "plan.targets")
}
# unbound is on an address of its own and takes nobody's port away.
what == "listeners" && $4 == "unbound" { next }
what == "listeners" && side == "old" { holder[$1, $2, $3] = $4 }
what == "listeners" && side == "new" {
    if (($1, $2, $3) in holder && holder[$1, $2, $3] != $4) move[holder[$1, $2, $3] " " $4] = 1
}
END {
    for (pair in move) print pair > (out "plan.moves")
    for (i = 1; i <= n; i++) {
        split(lines[i], f, " ")
        if ((f[1], f[4], f[2], f[5], f[6]) in is) continue
        # PORT: everything that came in by this public port. TARGET: the port stays open and leads elsewhere, so only what
        # goes to the target that went: for a DNAT the flow itself, for a proxy its own connection to the target.
        if (!((f[1], f[4], f[2]) in open_now)) print f[1], f[4], "port", f[2], f[3] > (out "plan.cut")
        else if (f[3] == "nftables") print f[1], f[4], "dnat", f[2], f[5] > (out "plan.cut")
        else if (!((f[1], f[5], f[6]) in proxied)) print f[1], (f[5] ~ /:/ ? 6 : 4), "target", f[6], f[5] > (out "plan.cut")
        else print f[1], f[4], "port", f[2], f[3] > (out "plan.cut")
    }
}
