# Which flows of the machine do the rules no longer allow? Called as: awk -v prefix=NAT64PREFIX -f rules.awk OLD/rules NEW/rules -
# Input "-": "ip -o addr", an empty line, "conntrack -L" of both families. Prints the options of the "conntrack -D" that are needed.
#   block NETWORK              whatever comes from there or was opened to there
#   admit PROTO PORT NETWORK   what came to the port from elsewhere
#   egress ADDRESS, map PUBLIC INSIDE, snat INSIDE FIRST LAST   when the line is gone: what it let out, or in

# An address as a text of zeros and ones, of which those of one family can be compared and cut as texts.
function bits(address,   part, n, i, j, text, gap) {
    if (address in known) return known[address]
    text = ""
    if (address !~ /:/) {
        n = split(address, part, ".")
        for (i = 1; i <= n; i++) text = text octet(part[i])
    } else {
        n = split(address, part, ":")
        # "::" stands for as many groups as are missing; at an end it makes an empty group more.
        for (i = 1; i <= n; i++) if (part[i] != "") gap++
        gap = 8 - gap
        for (i = 1; i <= n; i++) {
            if (part[i] == "") { while (gap > 0) { text = text "0000000000000000"; gap-- }; continue }
            while (length(part[i]) < 4) part[i] = "0" part[i]
            for (j = 1; j <= 4; j++) text = text substr(octet(index("0123456789abcdef", substr(part[i], j, 1)) - 1), 5)
        }
    }
    return known[address] = text
}
function octet(number,   i, text) {
    if (number in octets) return octets[number]
    text = ""
    for (i = 128; i >= 1; i /= 2) { text = text (number % (2 * i) >= i ? "1" : "0") }
    return octets[number] = text
}
function inside(address, network,   at) {
    if ((address ~ /:/) != (network ~ /:/)) return 0
    at = index(network, "/")
    if (!at) return address == network
    return substr(bits(address), 1, substr(network, at + 1)) == substr(bits(substr(network, 1, at - 1)), 1, substr(network, at + 1))
}
function cut(options) { options = "-f ipv" family " " options; if (!told[options]++) print options }

FILENAME != "-" && FILENAME == ARGV[1] { was[$0] = 1; next }
FILENAME != "-" {
    is[$0] = 1
    if ($1 == "block") block[$2] = 1
    if ($1 == "admit") { narrow[$2, $3] = 1; admitted[$2, $3] = admitted[$2, $3] " " $4 }
    # Who stands for a public address goes out too.
    if ($1 == "egress") out[$2] = 1
    if ($1 == "map") out[$3] = 1
    next
}
!planned++ {
    for (line in was) {
        if (line in is) continue
        split(line, f, " ")
        if (f[1] == "egress" && !(f[2] in out)) stays_in[f[2]] = 1
        if (f[1] == "map") { unmapped[f[2]] = f[3]; if (!(f[3] in out)) stays_in[f[3]] = 1 }
        if (f[1] == "snat") { first[f[2]] = f[3]; last[f[2]] = f[4] }
    }
}
!listed && NF == 0 { listed = 1; next }
!listed { sub(/\/.*/, "", $4); own[$4] = 1; next }
{
    # The first of each is the direction in which the flow was opened, the second the way back.
    source = target = port = from = to = ""
    for (i = 3; i <= NF; i++) {
        if ($i ~ /^src=/) { if (source == "") source = substr($i, 5); else from = substr($i, 5) }
        else if ($i ~ /^dst=/) { if (target == "") target = substr($i, 5); else to = substr($i, 5) }
        else if ($i ~ /^dport=/ && port == "") port = substr($i, 7)
    }
    if (source == "" || to == "") next
    family = source ~ /:/ ? 6 : 4
    for (network in block) {
        if (inside(source, network)) cut("-s " source)
        if (inside(from, network)) cut("-r " from)
    }
    if (($1, port) in narrow && target in own) {
        n = split(admitted[$1, port], list, " ")
        for (i = 1; i <= n; i++) if (inside(source, list[i])) break
        if (i > n) cut("-p " $1 " -s " source " -d " target " --dport " port)
    }
    # Out of the inside: by another source address, or by NAT64. What a VM does with others inside is not meant.
    if (source in stays_in && !(target in own) && (to != source || (prefix != "" && inside(target, prefix)))) cut("-s " source " -d " target)
    if (target in unmapped) cut("-d " target)
    if (to in unmapped && unmapped[to] == source) cut("-s " source " -q " to)
    if (source in first && bits(to) >= bits(first[source]) && bits(to) <= bits(last[source]) && length(bits(to)) == length(bits(first[source])))
        cut("-s " source " -q " to)
}
