# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables are shared with chatops-gateway, which sources this
# The daemons that a revision runs besides nginx and HAProxy, and the further addresses that it holds. A file of the bundle
# is a unit: dnsmasq.conf is read by chatops-dnsmasq, and so on; the engine's name in the lists is the same.

daemons='dnsmasq.conf pgbouncer.ini kamailio.cfg unbound.conf tayga.conf'
tls=/etc/chatops/tls
users=/etc/chatops/pgbouncer/users.txt

# --- Validate --------------------------------------------------------------------------------------------------------

# check_daemon FOLDER FILE: what the daemon itself says against the file. check.awk has seen every line of it; tayga and
# pgbouncer cannot check one without running.
check_daemon() {
  have_program "${2%.*}" || return
  case $2 in
    dnsmasq.conf) dnsmasq --test -C "$1/$2" 2>&1 ;;
    kamailio.cfg) kamailio -c -f "$1/$2" 2>&1 | grep -E 'ERROR|CRITICAL' | head -n 5 | grep . && return 1 || return 0 ;;
    unbound.conf)
      # What the unit makes of the machine's own resolvers when it starts is not there yet.
      sed '/^include:/d' "$1/$2" >"$run/check.unbound" && unbound-checkconf "$run/check.unbound" 2>&1 ;;
    pgbouncer.ini) check_users ;;
  esac
}

have_program() {
  command -v "$1" >/dev/null || { echo "$1 is not on this gateway; run install again"; return 1; }
}

# The gateway must not hold what opens the database: of a verifier the server can tell that a password is right, but nobody
# can log in with it.
check_users() {
  [ -s "$users" ] || {
    echo "no users on the gateway: put the verifiers of the server's users into $users, as root, mode 0600, a line each" \
      "as in: SELECT format('\"%s\" \"%s\"', rolname, rolpassword) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-%'"
    return 1
  }
  awk -v file="$users" '!/^[ \t]*(;.*)?$/ && !/^"([^"]|"")+" "SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+\/=]+\$[A-Za-z0-9+\/=]+:[A-Za-z0-9+\/=]+"$/ {
    print file ", line " NR ": should be \"USER\" \"SCRAM-SHA-256$...\", a verifier as pg_authid has it, not a password"; exit 1 }' "$users"
}

# check_certificates FILE: nginx would only say which file it cannot open.
check_certificates() {
  sed -n "s|^ *ssl_certificate $tls/\([^/]*\)/fullchain.pem;\$|\1|p" "$1" | sort -u | while read -r name; do
    [ -r "$tls/$name/fullchain.pem" ] && [ -r "$tls/$name/privkey.pem" ] && continue
    echo "no certificate $name on the gateway: put fullchain.pem and privkey.pem into $tls/$name"
    exit 1
  done
}

check_nginx() {
  check_certificates "$1" && errors_first nginx -t -q -c "$1" -g "$nginx_main"
}

# errors_first COMMAND...: what it says, warnings last. Only the beginning is kept, and nginx 1.25.1 and newer warns twice a TLS server.
errors_first() {
  complaint=$("$@" 2>&1)
  set -- $?
  printf '%s\n' "$complaint" | grep -v '\[warn\]'
  printf '%s\n' "$complaint" | grep '\[warn\]'
  return "$1"
}

# --- Load ------------------------------------------------------------------------------------------------------------

# Daemons that lose a port to somebody else let go of it before he comes; load_daemons starts what is still wanted of them.
release_daemons() {
  for name in $daemons; do
    case ";$moves" in *";${name%.*} "*) systemctl stop "chatops-${name%.*}" >/dev/null 2>&1 ;; esac
  done
}

# Those that take a port from nginx or HAProxy wait until their old workers have let it go.
load_daemons() {
  for first in nginx haproxy; do
    case "$moves" in *"$first "*) await_release ;; esac
  done
  for name in $daemons; do load_daemon "${name%.*}" "$name" || return 1; done
}

# load_daemon NAME FILE. pgbouncer takes a new file without ending sessions; the others keep no connections that a restart
# of some milliseconds would hurt, or only such as are made again.
load_daemon() {
  unit=chatops-$1
  if [ ! -f "$new/$2" ]; then
    if [ ! -f "$old/$2" ] && ! has all; then return 0; fi
    touched=1
    text=$(systemctl stop "$unit" 2>&1) || trouble "$2" "$text"
    return
  fi
  active=''
  ! systemctl is-active -q "$unit" || active=1
  if [ -n "$active" ] && ! has "$2" && ! has all; then return 0; fi
  touched=1
  if [ "$1$active" = pgbouncer1 ] && same_sockets; then
    text=$(systemctl reload "$unit" 2>&1) || trouble "$2" "$text"
    return
  fi
  systemctl reset-failed "$unit" 2>/dev/null
  text=$(systemctl restart "$unit" 2>&1) || { text=$(last_words "$unit"); trouble "$2" "$text"; }
}

# pgbouncer binds its sockets once.
same_sockets() {
  [ -f "$old/pgbouncer.ini" ] && [ "$(grep '^listen_' "$old/pgbouncer.ini")" = "$(grep '^listen_' "$new/pgbouncer.ini")" ]
}

last_words() { journalctl -q -o cat -n 6 -u "$1" 2>&1; }

# why_silent TEXT: what check_listeners says, with the daemon's own last words.
why_silent() {
  engine=${1#nothing of } engine=${engine%% *}
  case " $daemons" in *" $engine."*) printf '%s\n%s' "$1" "$(last_words "chatops-$engine")" ;; *) printf '%s' "$1" ;; esac
}

# --- Addresses -------------------------------------------------------------------------------------------------------

# Addresses that this script has added are in $run/addresses, a line ADDRESS INTERFACE: both are gone after a reboot. Those
# that somebody else has set are never in there, and so are never taken away.
load_addresses() {
  has addresses || has all || [ "$verb" = boot ] || return 0
  : >>"$run/addresses"
  want=$new/addresses
  [ -f "$want" ] || want=/dev/null
  while read -r address device; do
    ! grep -qxF -e "$address" -e "$address $device" "$want" || continue
    text=$(ip addr del "$address/$(bits "$address")" dev "$device" 2>&1) || ! present "$address" ||
      trouble addresses "$address: $text" || return 1
    forget_address "$address"
  done <<TEXT
$(cat "$run/addresses")
TEXT
  while read -r address device; do
    case $address in '' | '#'*) continue ;; esac
    ! present "$address" || continue
    interface_of "$address" "$device" || { trouble addresses "$text" || return 1; continue; }
    # Written down first: should we be killed here, nobody takes it for somebody else's.
    forget_address "$address"
    echo "$address $device" >>"$run/addresses"
    add_address || { forget_address "$address"; trouble addresses "$address: $text" || return 1; }
  done <"$want"
}

# Usable at once, and never chosen as the source of this machine's own connections.
add_address() {
  case $address in
    *:*) text=$(ip addr add "$address/128" dev "$device" nodad preferred_lft 0 2>&1) ;;
    *) text=$(ip addr add "$address/32" dev "$device" 2>&1) ;;
  esac
}

bits() { case $1 in *:*) echo 128 ;; *) echo 32 ;; esac; }
present() { [ -n "$(ip -o addr show to "$1/$(bits "$1")" 2>/dev/null)" ]; }

forget_address() {
  awk -v gone="$1" '$1 != gone' "$run/addresses" >"$run/addresses.new" && mv -T "$run/addresses.new" "$run/addresses"
}

# interface_of ADDRESS [INTERFACE]: in $device, or the reason why none in $text. The one that is said. Else where the machine would send
# packets for it: there its neighbours are, be it on the link or by the default route. Without a route, the only interface that has a public
# address.
# At boot the network may still be on its way.
interface_of() {
  family=4 tries=0
  case $1 in *:*) family=6 ;; esac
  while :; do
    if [ -n "${2-}" ]; then
      device=$2
      [ ! -e "/sys/class/net/$2" ] || return 0
      text="there is no interface $2 on this gateway"
      if [ "$verb" != boot ] || [ $tries -ge 40 ]; then return 1; fi
      tries=$((tries + 1))
      sleep 0.25
      continue
    fi
    device=$(ip "-$family" -o route get "$1" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
    [ -n "$device" ] || device=$(ip "-$family" -o addr show scope global | awk '
      $4 !~ /:/ && $4 !~ /^(10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\./ { seen[$2] }
      $4 ~ /^[23][0-9a-f][0-9a-f][0-9a-f]:/ { seen[$2] }
      END { for (name in seen) { only = name; n++ } if (n == 1) print only }')
    case $device in
      '' | lo) ;;
      wg0 | nat64) text="$1 is in a network behind $device, not on the public side"; return 1 ;;
      *) return 0 ;;
    esac
    tries=$((tries + 1))
    if [ "$verb" != boot ] || [ $tries -ge 40 ]; then break; fi
    sleep 0.25
  done
  text="no interface for $1: the gateway has neither a route to it nor exactly one interface with a public IPv$family address"
  return 1
}

# --- Rules -----------------------------------------------------------------------------------------------------------

# Ends the flows that the rules of $new do not allow, where they are not those of $old. The firewall keeps new ones out
# by then. A proxy's connection to somebody who is blocked ends at once; SSH stays, or a mistake could not be taken back.
cut_ruled() {
  has rules || has all || return 0
  before=$old/rules after=$new/rules
  [ -f "$before" ] || before=/dev/null
  [ -f "$after" ] || after=/dev/null
  nat64=$(sed -n 's/^prefix //p' "$old/tayga.conf" 2>/dev/null)
  while read -r kind network _; do
    [ "$kind" = block ] || continue
    case $network in *:*) network=[${network%/*}]/${network#*/} ;; esac
    ss -K -H -n -t dst "$network" and sport != ":${ssh_port:-22}" >/dev/null 2>&1 9>&- &
  done <"$after"
  wait
  { ip -o addr show scope global; echo; conntrack -L -f ipv4 2>/dev/null; conntrack -L -f ipv6 2>/dev/null; } 9>&- |
    awk -v prefix="$nat64" -f "$lib/rules.awk" "$before" "$after" - >"$run/flows.rules" 9>&-
  while read -r options; do
    # shellcheck disable=SC2086 # options
    conntrack -D $options >/dev/null 2>&1 9>&- &
  done <"$run/flows.rules"
  wait
}

# --- Observe ---------------------------------------------------------------------------------------------------------

# daemon_states FOLDER: in $states, as members of a JSON object. A daemon without a file that does not run is absent.
daemon_states() {
  folder=$1 states=''
  # shellcheck disable=SC2046 # a list of words
  set -- $(for name in $daemons; do echo "chatops-${name%.*}"; done)
  # shellcheck disable=SC2046 # a list of words
  set -- $(systemctl is-active "$@")
  for name in $daemons; do
    how=${1:-inactive}
    [ $# -eq 0 ] || shift
    [ -f "$folder/$name" ] || [ "$how" = active ] || how=absent
    states="$states,\"${name%.*}\":\"$how\""
  done
}
