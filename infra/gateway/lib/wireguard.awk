# WireGuard as the file has it (-v mode=file) or as it is: "wg show wg0 dump", then "ip -o addr show dev wg0". A line an address, a
# line a peer; keys that are secrets are only said to be there.

function networks(text,   list, n, i, j, one) {
    n = split(text, list, /, */)
    for (i = 1; i <= n; i++) if (list[i] !~ /\//) list[i] = list[i] (list[i] ~ /:/ ? "/128" : "/32")
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) { one = list[j]; list[j] = list[j - 1]; list[j - 1] = one }
    text = list[1]
    for (i = 2; i <= n; i++) text = text "," list[i]
    return text
}
function peer(key, secret, allowed, keepalive) {
    print "peer " key " allowed " networks(allowed) (secret ? " with a preshared key" : "") (keepalive ? " keepalive " keepalive : "")
}
function flush() { if (key != "") peer(key, secret, allowed, keepalive); key = allowed = ""; secret = keepalive = 0 }

mode == "file" && /^\[Peer\]/ { flush(); next }
mode == "file" {
    value = $0; sub(/^[A-Za-z]+ *= */, "", value); sub(/[ \t]+$/, "", value)
    if (/^ListenPort/) print "port " value
    else if (/^Address/) { n = split(value, list, /, */); for (i = 1; i <= n; i++) print "address " list[i] }
    else if (/^PublicKey/) key = value
    else if (/^PresharedKey/) secret = 1
    else if (/^AllowedIPs/) allowed = allowed (allowed == "" ? "" : ",") value
    else if (/^PersistentKeepalive/ && value != "off") keepalive = value
    next
}
mode != "file" && / inet6? / { for (i = 1; i < NF; i++) if ($i ~ /^inet6?$/) print "address " $(i + 1); next }
mode != "file" && NR == 1 { print "port " $3; next }
mode != "file" { peer($1, $2 != "(none)", $4, $8 == "off" ? 0 : $8) }
END { if (mode == "file") flush() }
