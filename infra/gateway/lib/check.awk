# Looks at the files of a bundle: the two lists must be well-formed; the configuration files must not contain what reaches
# beyond the job of a gateway, because whoever holds our SSH key must not become root through a configuration file.
# Prints "FILE: reason" for the first thing that is wrong. Writes wg0.conf with the private key in it to the file keyed.

function wrong(reason) { if (!failed) print name "|line " FNR ": " reason; failed = 1; exit 1 }
function port_ok(text) { return text ~ /^[1-9][0-9]*$/ && text + 0 <= 65535 }

FNR == 1 {
    name = FILENAME; sub(/.*\//, "", name)
    if (name == "wg0.conf") { getline key < keyfile; close(keyfile) }
}
/\r/ { wrong("a carriage return; lines end with LF") }

name == "exposures" {
    if (NF != 6 || $1 !~ /^(tcp|udp)$/ || !port_ok($2) || $3 !~ /^(nftables|nginx|haproxy)$/ || $4 !~ /^[46]$/ ||
        $5 !~ /^[0-9a-f.:]+$/ || !port_ok($6)) wrong("should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")
}
name == "listeners" {
    if (NF != 4 || $1 !~ /^(tcp|udp)$/ || $2 !~ /^[46]$/ || !port_ok($3) || $4 !~ /^(nginx|haproxy)$/)
        wrong("should be: PROTO FAMILY PORT ENGINE")
}
# Our table and nothing else: outside its braces only the four statements that replace it may stand.
name == "nftables.nft" {
    text = $0
    gsub(/"[^"]*"/, "\"\"", text); sub(/#.*/, "", text); sub(/^[ \t]+/, "", text); sub(/[ \t]+$/, "", text)
    if (text ~ /(^|[^a-z0-9_-])include([^a-z0-9_-]|$)/) wrong("include is not allowed")
    if (depth == 0 && text != "" && text !~ /^(table inet chatops \{\}|delete table inet chatops|table inet chatops \{)$/)
        wrong("only table inet chatops may stand here")
    if (text == "table inet chatops {}" || text == "delete table inet chatops") prologue[text] = 1
    if (text == "table inet chatops {" && !(("table inet chatops {}" in prologue) && ("delete table inet chatops" in prologue)))
        wrong("should begin with: table inet chatops {} / delete table inet chatops")
    depth += gsub(/\{/, "{", text) - gsub(/\}/, "}", text)
    if (depth < 0 || (depth == 0 && text ~ /\}/ && text !~ /^(\}|table inet chatops \{\})$/))
        wrong("the last brace of our table stands alone")
}
name == "sysctl.conf" {
    if ($0 !~ /^[ \t]*([#;].*)?$/ && ($0 !~ /^net\.[A-Za-z0-9_.-]+ ?= ?[A-Za-z0-9 ._:,-]+$/ || $0 ~ /\.\./))
        wrong("should be: net.NAME = VALUE")
}
name == "wg0.conf" {
    if ($0 == "PrivateKey = KEPT-ON-THE-GATEWAY") { $0 = "PrivateKey = " key; keys++ }
    else if ($0 !~ /^[ \t]*(#.*)?$/ && $0 !~ /^\[(Interface|Peer)\]$/ &&
        $0 !~ /^(Address|ListenPort|MTU|Table|FwMark|PublicKey|PresharedKey|AllowedIPs|Endpoint|PersistentKeepalive) = ?[^ \t]/)
        wrong("only Address, ListenPort, MTU, Table, FwMark, PublicKey, PresharedKey, AllowedIPs, Endpoint, " \
            "PersistentKeepalive, and PrivateKey = KEPT-ON-THE-GATEWAY are allowed")
    else if ($1 ~ /^(PublicKey|PresharedKey)/ && $0 !~ /^[A-Za-z]+ = [A-Za-z0-9+\/]+=$/ || $1 ~ /Key$/ && length($3) != 44)
        wrong($1 " should be 44 characters of base64")
    print > keyed
}
name == "nginx.conf" {
    text = $0; sub(/#.*/, "", text)
    if (text ~ /(^|[ \t;{}])(include|env|pid|daemon|master_process|perl[a-z_]*|js_[a-z_]*|[a-z_]*lua[a-z_]*)[ \t;"']/)
        wrong("include, env, pid, daemon, master_process and scripting are not allowed")
    if (text ~ /(^|[ \t;{}])user[ \t]+["']?root/) wrong("user root is not allowed")
}
name == "nginx.conf" && $1 == "load_module" && $2 !~ /^"?\/usr\/lib\/nginx\/modules\/ngx_(stream|http_echo)_module\.so"?;$/ {
    wrong("only /usr/lib/nginx/modules/ngx_stream_module.so may be loaded")
}
name == "haproxy.cfg" && /^[ \t]*(program|external-check|insecure-fork-wanted|lua-[a-z-]+|tune\.lua|daemon|pidfile)([ \t.]|$)/ {
    wrong($1 " is not allowed")
}
name == "haproxy.cfg" && /^[ \t]*(user[ \t]+root|uid[ \t]+0|setenv[ \t]|presetenv[ \t])/ { wrong($1 " is not allowed so") }
# HAProxy puts its socket in the place of what is there.
name == "haproxy.cfg" && /^[ \t]*stats[ \t]+socket/ && $0 !~ /^ *stats socket \/run\/chatops\/haproxy-stats\.sock mode 600 level user$/ {
    wrong("the only stats socket is /run/chatops/haproxy-stats.sock mode 600 level user")
}
name == "haproxy.cfg" && /(option[ \t]+external-check|lua\.)/ { wrong("external checks and Lua are not allowed") }

END {
    if (!failed && keyed != "" && name != "" && wanted && keys != 1) {
        print "wg0.conf|should have exactly one line PrivateKey = KEPT-ON-THE-GATEWAY"; exit 1
    }
}
