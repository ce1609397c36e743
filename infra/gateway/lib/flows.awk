# Which flows of the machine end? Called as: awk -v family=4|6 -v plan=FILE -f flows.awk
# Input: "ip -o addr", an empty line, "conntrack -L". Prints the options of the "conntrack -D" that are needed.
#   plan: PROTO FAMILY port PORT ENGINE     everything that came to the public port
#         PROTO FAMILY dnat PORT ADDR       of that, what was led to ADDR
#         PROTO FAMILY target PORT ADDR     what this machine itself has opened to ADDR

BEGIN {
    while ((getline line < plan) > 0) {
        split(line, f, " ")
        if (f[2] != family) continue
        n = ++count[f[1], f[3] == "target", f[4]]
        kind[f[1], f[3] == "target", f[4], n] = f[3]
        address[f[1], f[3] == "target", f[4], n] = f[5]
    }
}
!listed && NF == 0 { listed = 1; next }
!listed { sub(/\/.*/, "", $4); own[$4] = 1; next }
{
    # The first of each is the original direction, the way the flow was opened.
    source = destination = port = ""
    for (i = 3; i <= NF && port == ""; i++) {
        if ($i ~ /^src=/) source = substr($i, 5)
        else if ($i ~ /^dst=/) destination = substr($i, 5)
        else if ($i ~ /^dport=/) port = substr($i, 7)
    }
    for (outward = 0; outward <= 1; outward++) {
        us = outward ? source : destination
        if (!(us in own)) continue
        for (n = 1; n <= count[$1, outward, port]; n++) {
            what = kind[$1, outward, port, n]; whom = address[$1, outward, port, n]
            options = "-f ipv" family " -p " $1 " --dport " port
            if (what == "port") options = options " -d " us
            if (what == "dnat") options = options " -d " us " -r " whom
            if (what == "target") options = options " -s " us " -d " whom
            if (!told[options]++) print options
        }
    }
}
