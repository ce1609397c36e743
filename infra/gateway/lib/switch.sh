# shellcheck shell=sh
# Makes what runs the same as a folder, touching only what differs, and ends the flows of what has closed. Part of chatops-gateway.
# shellcheck disable=SC2034,SC2154 # variables are shared with it

has() { case " $changed " in *" $1 "*) return 0 ;; esac; return 1; }

# trouble FILE TEXT: what went wrong first. Returns false unless we are on the way back, where the rest still counts.
trouble() {
  [ -n "$error" ] || { file=$1 error=$2; }
  say "trouble with $1: $2"
  [ -n "$keep_going" ]
}

# load OLD NEW: makes what runs the same as folder NEW, touching only what is in $changed or does not run at all. What
# opens ports comes last.
load() {
  old=$1 new=$2
  judge "$new"
  if has sysctl.conf; then load_sysctl || return 1; fi
  load_wireguard || return 1
  load_addresses || return 1
  moves=''
  [ ! -s "$run/plan.moves" ] || while read -r line; do moves="$moves$line;"; done <"$run/plan.moves"
  touched=''
  # A port that goes from one proxy to the other must be let go first; if they swap, HAProxy has to leave for a moment.
  case $moves in
    *"haproxy nginx"*"nginx haproxy"* | *"nginx haproxy"*"haproxy nginx"*) systemctl stop chatops-haproxy; first=nginx ;;
    *"haproxy nginx"*) first=haproxy ;;
    *) first=nginx ;;
  esac
  release_daemons
  shut_web "$new" || return 1
  load_$first || return 1
  [ -z "$moves" ] || await_release
  if [ $first = nginx ]; then load_haproxy || return 1; else load_nginx || return 1; fi
  load_daemons || return 1
  if [ -n "$touched" ] || [ -n "$lists" ]; then check_listeners || return 1; fi
  if has nftables.nft; then load_nft || return 1; fi
  load_ended || return 1
  wake_up
}

# Keys that a revision no longer sets go back to the value they had before the first revision that set them.
load_sysctl() {
  new_file=$new/sysctl.conf old_file=$old/sysctl.conf
  [ -f "$new_file" ] || new_file=/dev/null
  [ -f "$old_file" ] || old_file=/dev/null
  [ -f "$state/sysctl.before" ] || : >"$state/sysctl.before"
  fresh=$(awk -F' ?= ?' -v keys="$state/sysctl.before" '
    BEGIN { while ((getline line < keys) > 0) { sub(/ ?=.*/, "", line); known[line] = 1 } }
    /^net/ && !($1 in known) { print $1 }' "$new_file")
  # shellcheck disable=SC2086 # a list of words
  [ -z "$fresh" ] || sysctl -e $fresh >>"$state/sysctl.before" 2>/dev/null
  gone=$(awk -F' ?= ?' '
    /^net/ && FILENAME == ARGV[1] { set[$1] = 1 }
    /^net/ && FILENAME == ARGV[2] && !($1 in set) { dropped[$1] = 1 }
    FILENAME == ARGV[3] && $1 in dropped { sub(/ = /, "="); print }' "$new_file" "$old_file" "$state/sysctl.before")
  while read -r line; do
    [ -z "$line" ] || sysctl -q -w "$line" >/dev/null 2>&1 || say "cannot put back $line"
  done <<TEXT
$gone
TEXT
  [ "$new_file" != /dev/null ] || return 0
  text=$(sysctl -q -p "$new_file" 2>&1) || trouble sysctl.conf "$text"
}

load_wireguard() {
  if [ ! -f "$new/wg0.conf" ]; then
    if [ ! -d /sys/class/net/wg0 ] || { ! has wg0.conf && ! has all; }; then return 0; fi
    stop_wireguard || trouble wg0.conf "$text"
    return
  fi
  if [ ! -d /sys/class/net/wg0 ]; then
    start_wireguard || trouble wg0.conf "$text"
    return
  fi
  has wg0.conf || has all || return 0
  # Peers come and go without ending anyone's session. What wg-quick itself does (addresses, default routes) needs it again.
  if [ -f "$old/wg0.conf" ] && awk '
    FNR == 1 { peers = 0 }
    /^\[Peer\]/ { peers = 1 }
    /^AllowedIPs/ && /\/0([ ,]|$)/ { differ = 1 }
    !peers && NF && !/^#/ { if (NR == FNR) a[++n] = $0; else if ($0 != a[++m]) differ = 1 }
    END { exit differ || n != m }' "$old/wg0.conf" "$new/wg0.conf"; then
    # syncconf keeps what a peer no longer says, so every peer first says that it has neither.
    wg-quick strip "$new/wg0.conf" | awk '{ print } /^\[Peer\]/ {
      print "PersistentKeepalive = off\nPresharedKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }' >"$run/wg0.strip"
    if ! text=$(wg syncconf wg0 "$run/wg0.strip" 2>&1) || ! sync_routes; then trouble wg0.conf "$text" || return 1; fi
    rm -f "$run/wg0.strip"
  else
    stop_wireguard
    start_wireguard || trouble wg0.conf "$text"
  fi
}

start_wireguard() {
  text=$(systemctl restart wg-quick@wg0 2>&1) || text=$(journalctl -q -o cat -n 12 -u wg-quick@wg0 2>&1; false)
}

# Also when somebody has brought it up by hand; and wg-quick reads a file that is gone or other by now, so not by it.
stop_wireguard() {
  text=$(systemctl stop wg-quick@wg0 2>&1) || systemctl reset-failed wg-quick@wg0 2>/dev/null
  [ ! -d /sys/class/net/wg0 ] || text=$(ip link delete wg0 2>&1)
}

# syncconf leaves routes alone. On wg0 the kernel makes those of Address; every other one is an AllowedIPs.
sync_routes() {
  text=$({
    wg show wg0 allowed-ips | awk '{ for (i = 2; i <= NF; i++) if ($i != "(none)") print "want", $i }'
    ip -4 -o route show dev wg0 | awk '!/proto kernel/ { print "have", $1 ($1 ~ /\// ? "" : "/32") }'
    ip -6 -o route show dev wg0 | awk '!/proto kernel/ && !/^(fe80|ff00|multicast)/ { print "have", $1 ($1 ~ /\// ? "" : "/128") }'
  } | awk '
    $1 == "want" { want[$2] = 1 }
    $1 == "have" { have[$2] = 1; if (!($2 in want)) print "route del", $2, "dev wg0" }
    END { for (net in want) if (!(net in have)) print "route replace", net, "dev wg0" }' | ip -force -batch - 2>&1)
}

# master NAME: the pid of our nginx or HAProxy in $master, if it runs. A pid file may outlive its process.
master() {
  master=''
  { read -r master <"$run/$1.pid"; } 2>/dev/null
  is_number "$master" || { master=''; return 1; }
  while read -r line; do
    case $line in *"/chatops-$1.service") return 0 ;; esac
  done 2>/dev/null <"/proc/$master/cgroup"
  master=''
  return 1
}

children() { { read -r "$1" <"/proc/$master/task/$master/children"; } 2>/dev/null; }

# await_child COMPLAINT: waits until $master has a child that it had not, at most 3 s, in small steps first: most reloads
# are over in 30 ms. COMPLAINT is a command that finds in $text what the service says against it. On the way back it may
# still complain about the revision that we leave: nginx tries to bind for 2.5 s before it takes the next signal.
await_child() {
  complaint=$1 tries=0 patience=150
  [ -z "$keep_going" ] || patience=200
  while :; do
    now_there=''
    children now_there
    for child in $now_there; do
      case " $then_there " in *" $child "*) ;; *) return 0 ;; esac
    done
    if [ -z "$keep_going" ] && $complaint; then return 1; fi
    tries=$((tries + 1))
    if [ $tries -lt 40 ]; then sleep 0.004; elif [ $tries -lt $patience ]; then sleep 0.025; else break; fi
  done
  $complaint || text="no new worker"
  return 1
}

nginx_complains() {
  [ -s "$run/nginx.emerg" ] || return 1
  text=$(head -c 1000 "$run/nginx.emerg")
}

# While it parses, HAProxy writes warnings too; only an alert is an end.
haproxy_complains() {
  [ -s "$run/haproxy.messages" ] || return 1
  text=''
  while read -r line; do
    case $line in *ALERT*) text="$text$line
" ;; esac
  done <"$run/haproxy.messages"
  [ -n "$text" ]
}

# New workers are there before nginx tells the old ones, which until then answer new clients as they did.
await_farewell() {
  tries=0
  for child in $then_there; do
    while [ $tries -lt 200 ] && [ -d "/proc/$child" ] && ! grep -q 'shutting down' "/proc/$child/cmdline" 2>/dev/null; do
      tries=$((tries + 1))
      sleep 0.004
    done
  done
}

load_nginx() { load_proxy nginx nginx.conf nginx.emerg HUP; }
load_haproxy() { load_proxy haproxy haproxy.cfg haproxy.messages USR2; }

# load_proxy NAME FILE MESSAGES SIGNAL
load_proxy() {
  if [ ! -f "$new/$2" ]; then
    if master "$1" || has "$2" || has all; then
      touched=1
      text=$(systemctl stop "chatops-$1" 2>&1) || trouble "$2" "$text"
    fi
    return
  fi
  if master "$1"; then
    has "$2" || has all || return 0
    touched=1 then_there=''
    children then_there
    : >"$run/$3"
    # After a reload that failed HAProxy's master starts itself anew, and loses a signal that comes just then.
    [ "$keep_going$1" != 1haproxy ] || sleep 0.2
    if kill -s "$4" "$master" && await_child "$1_complains"; then
      [ "$1" != nginx ] || await_farewell
      return 0
    fi
    if [ -n "$keep_going" ] && systemctl restart "chatops-$1" >/dev/null 2>&1; then return 0; fi
    trouble "$2" "$text"
    return
  fi
  touched=1
  : >"$run/$3"
  systemctl reset-failed "chatops-$1" 2>/dev/null
  text=$(systemctl restart "chatops-$1" 2>&1) || {
    "$1_complains"
    trouble "$2" "$text"
  }
}

# sockets MODE LIST [AWK OPTIONS]: what sockets.awk says of what listens. Which service holds a socket the kernel knows; which
# process, "ss -p" finds out by going through the open files of all of them. So that is asked only when something is wrong:
# it names the process, and it has the last word where the kernel does not tell the service.
sockets() {
  mode=$1 list=$2
  shift 2
  [ -n "$(ss -Hlntu --cgroup | awk -v mode="$mode" "$@" -f "$lib/sockets.awk" "$list" -)" ] || return 0
  ss -Hlntup | awk -v mode="$mode" "$@" -f "$lib/sockets.awk" "$list" -
}

# nginx's old workers hold their listeners some milliseconds longer. If HAProxy finds the port taken it tells its own old
# worker to pause, which stops the listeners that the new one has inherited: it "runs" and does not listen (2.6).
await_release() {
  tries=0
  while [ $tries -lt 100 ] && [ -n "$(sockets release "$new/listeners" -v of="$first")" ]; do
    tries=$((tries + 1))
    sleep 0.01
  done
}

# A reload that "succeeds" may have left the old listeners (a port that was taken), so look at the sockets themselves.
check_listeners() {
  [ -s "$new/listeners" ] || return 0
  tries=0
  while :; do
    text=$(sockets ours "$new/listeners")
    [ -n "$text" ] || return 0
    tries=$((tries + 1))
    if [ $tries -gt 30 ]; then
      text=$(why_silent "$text")
      trouble listeners "$text"
      return
    fi
    # On the way back nothing is left to lose: a fresh start instead of a reload.
    if [ $tries = 25 ] && [ -n "$keep_going" ]; then
      engine=${text#nothing of }
      systemctl restart "chatops-${engine%% *}" >/dev/null 2>&1
    fi
    sleep 0.05
  done
}

load_nft() {
  if [ -n "$elements" ] && [ -s "$run/elements.nft" ]; then
    nft -f "$run/elements.nft" >/dev/null 2>&1 && return
    say "the elements do not fit what runs; the whole table is loaded"
  fi
  if [ -f "$new/nftables.nft" ] && [ -n "$shut" ]; then
    # In one transaction: what has ended is not open for a moment.
    text=$({ cat "$new/nftables.nft"; ended_elements; } | nft -f - 2>&1) || trouble nftables.nft "$text" || return 1
  elif [ -f "$new/nftables.nft" ]; then
    text=$(nft -f "$new/nftables.nft" 2>&1) || trouble nftables.nft "$text" || return 1
  else
    text=$(printf 'table inet chatops {}\ndelete table inet chatops\n' | nft -f - 2>&1) || trouble nftables.nft "$text" || return 1
  fi
  echo "$shut" >"$run/ended.loaded"
}

# Ends the flows of what is no longer open. Only those that came to this machine's own addresses: a VM's own connection
# to the same port number of someone else stays. A proxy's connection loses its entry and, because the firewall resets
# what it does not know (nf_conntrack_tcp_loose=0), ends at its next packet; where the kernel can, it ends at once.
cut_flows() {
  cut_ruled
  [ -s "$run/plan.cut" ] || return 0
  families=''
  while read -r proto family kind port address; do
    case $families in *"$family"*) ;; *) families="$families $family" ;; esac
    [ "$proto" = tcp ] || continue
    case $address in *:*) host="[$address]" ;; *) host=$address ;; esac
    case $kind/$address in
      port/nftables | dnat/*) ;;
      port/*) ss -K -H -n -t "-$family" sport = ":$port" >/dev/null 2>&1 9>&- & ;;
      target/*) ss -K -H -n -t "-$family" dst "$host" dport = ":$port" >/dev/null 2>&1 9>&- & ;;
    esac
  done <"$run/plan.cut"
  # Every -D goes through all the flows of the machine, so one look first at which are needed.
  for family in $families; do
    { ip -o "-$family" addr show scope global; echo; conntrack -L -f "ipv$family" 2>/dev/null; } 9>&- |
      awk -v family="$family" -v plan="$run/plan.cut" -f "$lib/flows.awk" >"$run/flows.$family" 9>&- &
  done
  # The resets of the killed sockets still need the entries.
  wait
  for family in $families; do
    while read -r options; do
      # shellcheck disable=SC2086 # options
      conntrack -D $options >/dev/null 2>&1 9>&- &
    done <"$run/flows.$family"
  done
  wait
}

# Do new TCP targets answer from here? For people to read; it costs at most 300 ms.
ask_targets() {
  targets=''
  [ -s "$run/plan.targets" ] || return 0
  : >"$run/targets"
  while read -r address port; do
    { timeout 0.3 nc -n -z "$address" "$port" && echo "$address $port true" || echo "$address $port false"; } \
      </dev/null >>"$run/targets" 2>/dev/null 9>&- &
  done <"$run/plan.targets"
  wait
  while read -r address port answers; do
    case $address in *:*) address="[$address]" ;; esac
    targets="$targets${targets:+,}{\"target\":\"$address:$port\",\"answers\":$answers}"
  done <"$run/targets"
}

# begin / finish: between the two, what runs may differ from `current`.
begin() { echo "$1" >"$unfinished"; }
finish() { : >"$unfinished"; }
