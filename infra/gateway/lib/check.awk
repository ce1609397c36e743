# Looks at the files of a bundle: the two lists must be well-formed; the configuration files must not contain what reaches
# beyond the job of a gateway, because whoever holds our SSH key must not become root through a configuration file.
# Prints "FILE: reason" for the first thing that is wrong. Writes wg0.conf with the private key in it to the file keyed.

function wrong(reason) { if (!failed) print name "|line " FNR ": " reason; failed = 1; exit 1 }
function port_ok(text) { return text ~ /^[1-9][0-9]*$/ && text + 0 <= 65535 }
function ipv4_ok(text,   part, n, i) {
    n = split(text, part, ".")
    if (n != 4) return 0
    for (i = 1; i <= 4; i++) if (part[i] !~ /^(0|[1-9][0-9]?[0-9]?)$/ || part[i] > 255) return 0
    return 1
}
function ipv6_ok(text,   part, n, i, filled) {
    if (text !~ /^[0-9a-f:]+$/ || text ~ /:::/ || text ~ /^:[^:]/ || text ~ /[^:]:$/ || gsub(/::/, "::", text) > 1) return 0
    n = split(text, part, ":")
    for (i = 1; i <= n; i++) { if (length(part[i]) > 4) return 0; if (part[i] != "") filled++ }
    return text ~ /::/ ? filled <= 7 : filled == 8 && n == 8
}
function address_ok(text) { return ipv4_ok(text) || ipv6_ok(text) }
function interface_ok(text) { return length(text) <= 15 && text ~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ && text !~ /^(lo|wg0|nat64)$/ }
function loopback(text) { return text ~ /^(0|127)\./ || text ~ /^[0:]+1?$/ || text ~ /^::(ffff|0)/ }
# ADDRESS:PORT or [ADDRESS]:PORT of another machine.
function socket_ok(text,   at, host) {
    at = match(text, /:[0-9]+$/)
    if (!at || !port_ok(substr(text, at + 1))) return 0
    host = substr(text, 1, at - 1)
    if (host ~ /^\[.*\]$/) { host = substr(host, 2, length(host) - 2); return ipv6_ok(host) && !loopback(host) }
    return ipv4_ok(host) && !loopback(host)
}
# NETWORK/BITS
function network_ok(text,   at) {
    at = index(text, "/")
    if (!at || substr(text, at + 1) !~ /^[0-9]+$/) return 0
    return address_ok(substr(text, 1, at - 1)) && substr(text, at + 1) + 0 <= (text ~ /:/ ? 128 : 32)
}
# True when the line, trimmed, is one of those that never differ; loaded as "|line|line|".
function fixed(lines) { return index(lines, "|" $0 "|") > 0 }
function trim() { sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "") }

BEGIN {
    # nginx: what our template says and what goes well with it. A directive that is not here is not allowed.
    words = "user worker_processes worker_rlimit_nofile worker_shutdown_timeout worker_connections multi_accept events stream http " \
        "load_module error_log access_log log_format server listen upstream zone keepalive keepalive_timeout keepalive_requests " \
        "least_conn hash random ip_hash proxy_pass proxy_timeout proxy_connect_timeout proxy_read_timeout proxy_send_timeout " \
        "proxy_socket_keepalive proxy_protocol proxy_protocol_timeout proxy_responses proxy_requests proxy_buffer_size " \
        "proxy_buffers proxy_busy_buffers_size proxy_buffering proxy_request_buffering proxy_max_temp_file_size " \
        "proxy_next_upstream proxy_next_upstream_tries proxy_next_upstream_timeout proxy_http_version proxy_set_header " \
        "proxy_hide_header proxy_pass_header proxy_redirect proxy_upload_rate proxy_download_rate preread_timeout " \
        "preread_buffer_size allow deny limit_conn limit_conn_zone limit_conn_status limit_conn_log_level limit_conn_dry_run " \
        "limit_req limit_req_zone limit_req_status limit_req_log_level limit_rate limit_rate_after map geo server_name " \
        "server_names_hash_bucket_size server_names_hash_max_size variables_hash_bucket_size variables_hash_max_size " \
        "map_hash_bucket_size map_hash_max_size server_tokens location return add_header default_type charset etag " \
        "client_max_body_size client_body_timeout client_body_buffer_size client_header_timeout client_header_buffer_size " \
        "large_client_header_buffers ignore_invalid_headers underscores_in_headers merge_slashes absolute_redirect " \
        "port_in_redirect server_name_in_redirect reset_timedout_connection send_timeout tcp_nodelay tcp_nopush sendfile " \
        "set_real_ip_from real_ip_header ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers " \
        "ssl_prefer_server_ciphers ssl_session_cache ssl_session_timeout ssl_session_tickets ssl_reject_handshake " \
        "ssl_ecdh_curve ssl_buffer_size http2_max_concurrent_streams"
    split(words, list, " ")
    for (i in list) allowed[list[i]] = 1
    dnsmasq_lines = "|no-resolv|no-hosts|no-poll|no-negcache|bind-dynamic|bind-interfaces|all-servers|strict-order|log-queries|"
    pgbouncer_lines = "|[databases]|[pgbouncer]|auth_type = scram-sha-256|auth_file = /run/chatops-pgbouncer/users.txt|" \
        "unix_socket_dir =|ignore_startup_parameters = extra_float_digits|server_tls_sslmode = prefer|" \
        "pool_mode = session|pool_mode = transaction|log_connections = 0|log_disconnections = 0|"
    unbound_lines = "|server:|forward-zone:|include: /run/chatops-unbound/resolvers.conf|ip-freebind: yes|do-daemonize: no|" \
        "use-syslog: no|chroot: \"\"|username: \"\"|directory: \"\"|pidfile: \"\"|module-config: \"dns64 iterator\"|name: \".\"|" \
        "do-not-query-localhost: no|hide-identity: yes|hide-version: yes|qname-minimisation: yes|qname-minimisation: no|" \
        "forward-first: no|prefetch: yes|access-control: 0.0.0.0/0 refuse|access-control: ::/0 refuse|"
    tayga_lines = "|tun-device nat64|data-dir /run/chatops-tayga|"
    kamailio_lines = "|include_file \"/usr/local/lib/chatops/sip.cfg\"|route[TARGET] {|return;|}|"
}

FNR == 1 {
    if (name == "nginx.conf") nginx_names()
    name = FILENAME; sub(/.*\//, "", name)
    depth = 0
    if (name == "wg0.conf") { getline key < keyfile; close(keyfile) }
}
/\r/ { wrong("a carriage return; lines end with LF") }

name == "exposures" {
    if (NF != 6 || $1 !~ /^(tcp|udp)$/ || !port_ok($2) || $3 !~ /^(nftables|nginx|haproxy|dnsmasq|pgbouncer|kamailio)$/ || $4 !~ /^[46]$/ ||
        $5 !~ /^[0-9a-f.:]+$/ || !port_ok($6)) wrong("should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")
}
name == "listeners" {
    if (NF != 4 || $1 !~ /^(tcp|udp)$/ || $2 !~ /^[46]$/ || !port_ok($3) || $4 !~ /^(nginx|haproxy|dnsmasq|pgbouncer|kamailio|unbound)$/)
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
# A statement a line, so that nothing hides behind quotes and braces. Files: only certificates, by name.
name == "nginx.conf" && !/^[ \t]*(#.*)?$/ {
    trim()
    if (/\\/ || /`/ || /[^ -~]/ || /#/) wrong("only printable ASCII without \\, ` and # may be in a statement")
    if ($0 == "}") { if (--depth < 0) wrong("a brace too many"); next }
    opens = sub(/ \{$/, "")
    if (!opens && !sub(/;$/, "")) wrong("should be one statement a line, ending with ; or {")
    if (/;/ || (/[{}]/ && $1 != "return")) wrong("should be one statement a line")
    if (depth > 0 && (block[depth] == "map" || block[depth] == "geo")) {
        if (opens || NF != 2 || $1 !~ /^(default|""|''|[0-9][0-9a-f.:\/]*|[a-z0-9.*-]+)$/ ||
            $1 ~ /^(include|volatile|hostnames|ranges|delete|proxy)/ || $2 !~ /^("[a-z0-9 -]*"|''|[a-z0-9$_-]+)$/)
            wrong("should be: KEY VALUE")
        next
    }
    # What closes a web address whose time is up; the brackets make it a pattern, which may match nothing.
    if ($1 == "include" && block[depth] == "location" && $0 ~ /^include \/run\/chatops\/ended\/web-[A-Za-z0-9._-]+[.]con\[f\]$/) next
    if (!($1 in allowed)) wrong($1 " is not allowed")
    if (opens) {
        if ($1 !~ /^(events|stream|http|server|upstream|location|map|geo)$/) wrong($1 " has no block")
        block[++depth] = $1
        if ($1 == "upstream") { if ($2 !~ /^[a-z0-9_.-]+$/ || NF != 2) wrong("an upstream has a name of a-z, 0-9, _, . and -"); upstream[block[1], $2] = 1 }
        if ($1 == "location" && $0 !~ /^location (= |\^~ )?\/[A-Za-z0-9\/_.~-]*$/) wrong("a location is a path, without patterns")
        next
    }
    if ($1 == "user" && $0 !~ /^user www-data( www-data)?$/) wrong("only user www-data is allowed")
    else if ($1 == "load_module") {
        if ($2 !~ /^"?\/usr\/lib\/nginx\/modules\/ngx_stream_module\.so"?$/) wrong("only /usr/lib/nginx/modules/ngx_stream_module.so may be loaded")
    } else if ($1 == "server" && block[depth] == "upstream") {
        if (!socket_ok($2)) wrong("an upstream's server is ADDRESS:PORT of another machine")
    } else if ($1 == "proxy_pass") {
        target = $2; web = sub(/^http:\/\//, "", target)
        if (NF != 2 || (block[depth] == "location" && !web)) wrong("should be: proxy_pass http://UPSTREAM")
        else if (!socket_ok(target)) { if (target !~ /^[a-z0-9_.-]+$/) wrong("proxy_pass leads to an upstream, or to ADDRESS:PORT of another machine"); passed[block[1], target] = FNR }
    } else if ($1 ~ /^ssl_certificate/) {
        file = $1 == "ssl_certificate" ? "fullchain" : "privkey"
        if (NF != 2 || $2 !~ "^/etc/chatops/tls/[a-z0-9]([a-z0-9-]*[a-z0-9])?/" file "[.]pem$" || length($2) > 100) wrong($1 " should be /etc/chatops/tls/NAME/" file ".pem")
    } else if ($1 == "error_log" || $1 == "access_log") {
        if ($0 !~ /^access_log off$/ && $2 != "stderr" && $2 !~ /^syslog:server=unix:\/dev\/log(,[a-z0-9_=,]+)?$/) wrong($1 " may only go to stderr or syslog:server=unix:/dev/log, or be off")
    } else if ($1 == "ssl_session_cache") {
        if ($2 !~ /^(shared:[a-z]+:[0-9]+[km]|off|none)$/) wrong("should be: ssl_session_cache shared:NAME:SIZE")
    } else if ($1 == "return") {
        if ($0 !~ /^return [0-9][0-9][0-9]( https:\/\/\$host(:[0-9]+)?\$request_uri)?$/) wrong("should be: return CODE, or CODE https://$host$request_uri")
    } else for (i = 2; i <= NF; i++) {
        if ($i ~ /^["']?(\/|unix:)/ || $i ~ /\/\.\./ || $i ~ /reuseport/) wrong($i " is not allowed in " $1)
    }
}
# Plain names would be looked up, and lead anywhere.
function nginx_names(   target) {
    for (target in passed) if (!(target in upstream) && !failed) {
        print "nginx.conf|line " passed[target] ": there is no upstream " substr(target, index(target, SUBSEP) + 1); failed = 1; exit 1
    }
}
name == "haproxy.cfg" && /^[ \t]*(program|errorfiles?|http-errors|crt-base|ca-base|crt-store|server-state-[a-z]+|external-check|insecure-fork-wanted|lua-[a-z-]+|tune\.lua|daemon|pidfile)([ \t.]|$)/ {
    wrong($1 " is not allowed")
}
name == "haproxy.cfg" && /^[ \t]*(user[ \t]+root|uid[ \t]+0|setenv[ \t]|presetenv[ \t])/ { wrong($1 " is not allowed so") }
name == "haproxy.cfg" && /(option[ \t]+external-check|lua\.)/ { wrong("external checks and Lua are not allowed") }
# Files and sockets of this machine: the statistics socket, and the journal.
name == "haproxy.cfg" && !/^[ \t]*#/ {
    if ($1 == "stats" && $2 == "socket") {
        if ($0 !~ /^[ \t]*stats socket \/run\/chatops\/[a-z-]+\.sock( mode [0-7]00)?( level (user|operator))?$/)
            wrong("should be: stats socket /run/chatops/NAME.sock mode 600 level operator")
    } else if ($1 == "log") {
        if ($2 !~ /^(\/dev\/log|global|stdout|stderr)$/) wrong("log may only go to /dev/log, stdout or stderr")
    } else for (i = 2; i <= NF; i++)
        if ($i ~ /^["'\\]*(\/|\.|unix@|abns@|fd@|sockpair@)/ && $1 !~ /^(http-check|option|acl)$/ ||
            $i ~ /^(-f|file|lf-file|crt|crt-list|ca-file|crl-file|crt-base|ca-base|localpeer)$/ || $i ~ /map[a-z_]*\(/)
            wrong($i " is not allowed in " $1)
}

name == "addresses" && !/^[ \t]*(#.*)?$/ {
    if (NF > 2 || NF == 2 && !interface_ok($2) || !address_ok($1) || loopback($1) || $1 ~ /^(22[4-9]|2[3-5][0-9])\./ || $1 ~ /^(ff|fe[89ab]|0?[45][0-9a-f][0-9a-f]:)/)
        wrong("should be one public address, with or without an interface")
    if (had[$1]++) wrong($1 " is there twice")
}

name == "rules" {
    if (!($1 == "block" && NF == 2 && range_ok($2) || $1 == "egress" && NF == 2 && address_ok($2) ||
        $1 == "admit" && NF == 4 && $2 ~ /^(tcp|udp)$/ && port_ok($3) && range_ok($4) ||
        $1 == "map" && NF == 3 && address_ok($2) && address_ok($3) ||
        $1 == "snat" && NF == 4 && address_ok($2) && address_ok($3) && address_ok($4)))
        wrong("should be: block NETWORK, admit PROTO PORT NETWORK, egress ADDRESS, map PUBLIC INSIDE or snat INSIDE FIRST LAST")
}
# When it ends: a UNIX time, or seconds from the confirm on.
name == "lifetimes" {
    if (!($1 ~ /^(tcp|udp)$/ && NF == 3 && port_ok($2) || $1 == "web" && $2 ~ /^web-[A-Za-z0-9._-]+$/ && length($2) <= 200 && (NF == 3 || NF == 5 && address_ok($4) && port_ok($5))) ||
        $3 !~ /^[+]?[1-9][0-9]*$/ || length($3) > 12)
        wrong("should be: PROTO PORT END or web NAME END [ADDRESS PORT]; END is a UNIX time or +SECONDS")
}
function range_ok(text) { return text ~ /\// ? network_ok(text) : address_ok(text) }

name == "dnsmasq.conf" && !/^[ \t]*(#.*)?$/ {
    trim()
    at = index($0, "="); value = substr($0, at + 1)
    if (fixed(dnsmasq_lines)) next
    else if (/^port=/) { if (!port_ok(value)) wrong("should be: port=PORT") }
    else if (/^listen-address=/) { if (!address_ok(value) || loopback(value)) wrong("should be: listen-address=ADDRESS") }
    else if (/^server=/) {
        hash = index(value, "#"); host = hash ? substr(value, 1, hash - 1) : value
        if (!address_ok(host) || loopback(host) || (hash && !port_ok(substr(value, hash + 1)))) wrong("should be: server=ADDRESS#PORT")
    } else if (!/^(cache-size|dns-forward-max|edns-packet-max|min-cache-ttl|max-cache-ttl|neg-ttl)=[0-9]+$/)
        wrong(substr($0, 1, 40) " is not allowed")
}

name == "pgbouncer.ini" && !/^[ \t]*(;.*)?$/ {
    trim()
    if (fixed(pgbouncer_lines)) { if (/^\[/) section = $0; next }
    if (section == "[databases]") {
        if ($0 !~ /^(\*|[a-z_][a-z0-9_-]*) = host=[0-9a-f.:]+ port=[0-9]+$/) wrong("should be: NAME = host=ADDRESS port=PORT")
        split($3, a, "="); split($4, b, "=")
        if (!address_ok(a[2]) || loopback(a[2]) || !port_ok(b[2])) wrong("should be: NAME = host=ADDRESS port=PORT")
    } else if (/^listen_addr = /) {
        n = split($3, a, ",")
        for (i = 1; i <= n; i++) if (!address_ok(a[i])) wrong("should be: listen_addr = ADDRESS,ADDRESS")
        if (NF != 3) wrong("should be: listen_addr = ADDRESS,ADDRESS")
    } else if (/^listen_port = /) { if (NF != 3 || !port_ok($3)) wrong("should be: listen_port = PORT") }
    else if (!/^(max_client_conn|default_pool_size|reserve_pool_size|min_pool_size|server_idle_timeout|server_lifetime|server_connect_timeout|client_login_timeout|query_wait_timeout|tcp_keepalive) = [0-9]+$/)
        wrong(substr($0, 1, 40) " is not allowed")
}

name == "kamailio.cfg" && !/^[ \t]*(# .*)?$/ {
    trim()
    if (fixed(kamailio_lines)) { if (/^include_file/) included++; next }
    text = $0
    if (/^listen=(udp|tcp):/) {
        sub(/^listen=(udp|tcp):/, "", text)
        if (!socket_ok(text)) wrong("should be: listen=udp:ADDRESS:PORT")
    } else if (/^if \(src_ip == [^ ]+ && dst_ip == [^ ]+\) \{ \$var\(next\) = ""; return; \}$/) {
        at = $8; if (!sip_address($4) || !sub(/\)$/, "", at) || !sip_address(at)) wrong("should compare addresses")
    } else if (/^if \(dst_port == [0-9]+\) \{ \$var\(next\) = "sip:[0-9a-f.:\[\]]+"; \$var\(from\) = "[0-9a-f.:\[\]]+"; return; \}$/) {
        target = $8; sub(/^"sip:/, "", target); sub(/";$/, "", target)
        at = $11; gsub(/[";]/, "", at)
        if (!socket_ok(target) || !socket_ok(at)) wrong("should lead to ADDRESS:PORT of another machine")
    } else wrong(substr($0, 1, 40) " is not allowed")
}
function sip_address(text) {
    if (text ~ /^\[.*\]$/) return ipv6_ok(substr(text, 2, length(text) - 2))
    return ipv4_ok(text)
}

name == "unbound.conf" && !/^[ \t]*(#.*)?$/ {
    trim()
    if (fixed(unbound_lines)) next
    else if ($1 == "interface:") {
        split($2, a, "@")
        if (NF != 2 || !address_ok(a[1]) || loopback(a[1]) || (a[2] != "" && !port_ok(a[2])) || $2 ~ /@.*@/) wrong("should be: interface: ADDRESS@PORT")
    } else if ($1 == "access-control:") { if (NF != 3 || !network_ok($2) || $3 != "allow") wrong("should be: access-control: NETWORK allow") }
    else if ($1 == "dns64-prefix:") { if (NF != 2 || !network_ok($2) || $2 !~ /:.*\/96$/) wrong("should be: dns64-prefix: PREFIX/96") }
    else if ($1 == "forward-addr:") {
        split($2, a, "@")
        if (NF != 2 || !address_ok(a[1]) || (a[2] != "" && !port_ok(a[2])) || $2 ~ /@.*@/) wrong("should be: forward-addr: ADDRESS")
    } else if (!/^(num-threads|cache-max-ttl|cache-min-ttl|edns-buffer-size|msg-cache-size|rrset-cache-size): [0-9]+[km]?$/)
        wrong(substr($0, 1, 40) " is not allowed")
}

name == "tayga.conf" && !/^[ \t]*(#.*)?$/ {
    trim()
    if (fixed(tayga_lines)) next
    if (NF != 2 || !($1 == "ipv4-addr" && ipv4_ok($2) || $1 == "ipv6-addr" && ipv6_ok($2) ||
        $1 == "prefix" && network_ok($2) && $2 ~ /:.*\/96$/ || $1 == "dynamic-pool" && network_ok($2) && $2 !~ /:/))
        wrong("should be: ipv4-addr, ipv6-addr, prefix PREFIX/96 or dynamic-pool NETWORK")
    tayga[$1]++
}

END {
    if (name == "nginx.conf") nginx_names()
    if (!failed && keyed != "" && name != "" && wanted && keys != 1) {
        print "wg0.conf|should have exactly one line PrivateKey = KEPT-ON-THE-GATEWAY"; exit 1
    }
}
