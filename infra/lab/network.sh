# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# Who is there, and the wires between them. Three segments, each a bridge in the namespace "net":
#   public    the internet        underlay    gateways and vm1, below WireGuard        overlay    stands in for Mycelium
# Every link is made inside the namespaces; the machine's own network never sees one.

# host interface segment addresses...
wires='
gw1 eth0 public 203.0.113.10/24 2001:db8::10/64
gw1 eth1 underlay 192.168.50.1/24
gw1 myc0 overlay 400::100:0:0:1/64
gw2 eth0 public 203.0.113.20/24 2001:db8::20/64
gw2 eth1 underlay 192.168.50.3/24
gw2 myc0 overlay 400::100:0:0:4/64
client eth0 public 203.0.113.100/24 198.51.100.7/24 203.0.113.66/24 2001:db8::100/64 2001:db8:66::7/64
far eth0 public 198.51.100.200/24
vm1 eth0 underlay 192.168.50.2/24
vm2 eth0 overlay 400::100:0:0:2/64
vm3 eth0 overlay 400::100:0:0:3/64'

# host route... The internet has no router here: everybody on it asks by ARP or neighbour discovery for everybody else.
# The VMs on the overlay are told where NAT64 would be; that a gateway does it is the product's work.
routes='
gw1 default dev eth0
gw1 2001:db8:66::/64 dev eth0
gw2 default dev eth0
gw2 2001:db8:66::/64 dev eth0
far default dev eth0
vm2 fd64:0:0:64::/96 via 400::100:0:0:1
vm3 fd64:0:0:64::/96 via 400::100:0:0:1'

# Spare gateways are there to be switched on: 'up' does not boot them, and a controller does not know them until told.
gateways() { echo gw1 gw2; }
is_spare() { [ "$1" = gw2 ]; }
vms() { echo vm1 vm2 vm3; }
# What has a server of ours.
machines() { echo "$(vms) far"; }
hosts() { echo "client $(machines) $(gateways)"; }
is_gateway() { [[ " $(gateways) " == *" $1 "* ]]; }
is_vm() { [[ " $(vms) " == *" $1 "* ]]; }
is_host() { [[ " $(hosts) " == *" $1 "* ]]; }
has_tunnel() { [ "$1" = vm1 ]; }

space() { echo "/run/netns/$prefix$1"; }
inside() { local host=$1; shift; nsenter --net="$(space "$host")" "$@"; }

# The addresses of a host without prefix lengths; with a segment, only those there.
addresses() {
  local host iface segment list address
  while read -r host iface segment list; do
    if [ "$host" != "$1" ] || { [ $# -gt 1 ] && [ "$segment" != "$2" ]; }; then continue; fi
    for address in $list; do printf '%s\n' "${address%/*}"; done
  done <<<"$wires"
}

# Duplicate address detection is off before the first link comes: an address is usable as soon as it is set.
make_space() {
  ip netns add "$prefix$1" || die "'ip netns add $prefix$1' failed; 'lab --name $lab down' clears leftovers"
  # shellcheck disable=SC2016 # the inner shell expands it
  inside "$1" sh -c '
    for c in all default; do echo 0 >/proc/sys/net/ipv6/conf/$c/accept_dad; done
    echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra
    ip link set lo up'
}

make_segments() {
  make_space net
  inside net sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  ip -n "${prefix}net" -batch - <<'TEXT'
link add public up type bridge forward_delay 0 mcast_snooping 0
link add underlay up type bridge forward_delay 0 mcast_snooping 0
link add overlay up type bridge forward_delay 0 mcast_snooping 0
TEXT
}

# An address of one's own for a network card, made of a text, in $hardware.
hardware_address() {
  local at code number=5381
  for ((at = 0; at < ${#1}; at++)); do
    printf -v code %d "'${1:at:1}"
    number=$(((number * 33 ^ code) & 0xffffffffff))
  done
  printf -v hardware 02:%02x:%02x:%02x:%02x:%02x $((number >> 32)) $((number >> 24 & 255)) $((number >> 16 & 255)) $((number >> 8 & 255)) $((number & 255))
}

# Makes the namespace of a host and plugs its wires in. A network card keeps its hardware address over a reboot; with a new
# one the neighbours would send into the void until their caches expire.
plug() {
  local host iface segment list address hardware setup=''
  make_space "$1"
  while read -r host iface segment list; do
    [ "$host" = "$1" ] || continue
    hardware_address "$host $iface"
    ip link add name "$iface" address "$hardware" netns "$prefix$host" type veth \
      peer name "$host-$segment" netns "${prefix}net"
    ip -n "${prefix}net" link set "$host-$segment" master "$segment" up
    setup+="link set $iface up"$'\n'
    for address in $list; do
      case $address in *:*) setup+="addr add $address dev $iface nodad"$'\n' ;; *) setup+="addr add $address dev $iface"$'\n' ;; esac
    done
  done <<<"$wires"
  while read -r host list; do
    [ "$host" != "$1" ] || setup+="route add $list"$'\n'
  done <<<"$routes"
  ip -n "$prefix$1" -batch - <<<"$setup"
}

# The links go first: they would otherwise vanish some time after the namespace, under the feet of the next ones.
unplug() {
  local host iface segment list
  while read -r host iface segment list; do
    [ "$host" != "$1" ] || ip -n "${prefix}net" link del "$host-$segment" 2>/dev/null || true
  done <<<"$wires"
  remove_space "$prefix$1"
}

# Whatever runs in a namespace of the lab belongs to the lab, also what 'lab exec' has left there.
remove_space() {
  local pids
  [ -e "/run/netns/$1" ] || return 0
  pids=$(ip netns pids "$1" 2>/dev/null || true)
  # shellcheck disable=SC2086 # a list of numbers
  [ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
  # A crash between the two steps of 'ip netns add' leaves a plain file, which 'del' refuses.
  ip netns del "$1" 2>/dev/null || rm -f "/run/netns/$1"
}

remove_spaces() {
  local file
  for file in "/run/netns/$prefix"*; do
    [ ! -e "$file" ] || remove_space "${file##*/}"
  done
}
