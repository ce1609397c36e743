# Writes the file "out": this machine's resolvers as unbound's forwarders. Without any, unbound asks the root servers.
BEGIN {
    while ((getline line < "/etc/resolv.conf") > 0)
        if (split(line, word, /[ \t]+/) >= 2 && word[1] == "nameserver" && word[2] ~ /^[0-9a-fA-F.:]+$/) list[++n] = word[2]
    printf "" > out
    if (n) print "forward-zone:\n  name: \".\"" > out
    for (i = 1; i <= n; i++) print "  forward-addr: " list[i] > out
}
