# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# The plain machines: VMs (a small server in a namespace, one of them with a WireGuard tunnel), the host on the internet,
# and the way in for SSH.

# wireguard-go processes of one mount namespace share /var/run/wireguard, so the name is different in every lab.
tunnel_name() { echo "wg$(echo "$lab" | sha256sum | cut -c1-8)$1"; }

# -B: no compiled files in the checkout.
start_server() {
  local program=vm-server.py
  [ "$1" != far ] || program=far-server.py
  # shellcheck disable=SC2016 # the inner shell expands it
  inside_spawn "$1" "$1" sh -c 'ulimit -n "$(ulimit -H -n)"; exec /usr/bin/python3 -B "$@"' sh "$lab_dir/$program" "$1"
}

# For whoever stopped it; ready when it returns.
start_again() {
  pid_of "$1" || start_server "$1"
  wait_for_socket "$1" "$1" tcp 8080
}

# wait_for_socket NAME HOST tcp|udp PORT: until the process NAME of the lab, or a child of it, has its socket.
wait_for_socket() {
  local start limit=20000
  clock; start=$now
  until [ -n "$(inside "$2" ss -Hln "--$3" "sport = :$4")" ]; do
    clock
    pid_of "$1" || die "'$1' has ended: $(tail -n 5 "$state/log/$1.log")"
    [ $((now - start)) -lt $limit ] || die "'$1' does not listen on port $4 ($3) after $((limit / 1000)) s: $(tail -n 5 "$state/log/$1.log")"
    nap 0.02
  done
}

start_vm() {
  plug "$1"
  start_server "$1"
  if has_tunnel "$1"; then start_tunnel "$1"; fi
}

# inside_spawn NAME HOST COMMAND...: a daemon in a host's network. nsenter and not 'ip netns exec', whose private copy of
# the mount table would keep the gateways' disks busy.
inside_spawn() {
  local name=$1 host=$2
  shift 2
  spawn "$name" nsenter --net="$(space "$host")" "$@"
}

start_tunnel() {
  local iface tries
  iface=$(tunnel_name "$1")
  (umask 077 && wg genkey >"$state/$1.key")
  wg pubkey <"$state/$1.key" >"$state/$1.pub"
  inside_spawn "$1.wireguard" "$1" env LOG_LEVEL=error WG_PROCESS_FOREGROUND=1 wireguard-go --foreground "$iface"
  for ((tries = 0; tries < 500; tries++)); do
    if [ -S "/var/run/wireguard/$iface.sock" ] && ip -n "$prefix$1" link show "$iface" >/dev/null 2>&1; then
      inside "$1" wg set "$iface" private-key "$state/$1.key"
      ip -n "$prefix$1" -batch - <<TEXT
addr add 10.1.0.2/16 dev $iface
link set $iface mtu 1420 up
route add default dev $iface
TEXT
      mkdir "$state/$1.peers"
      inside_spawn "$1.keeper" "$1" /usr/bin/python3 -B "$lab_dir/keep-tunnel.py" "$iface" "$state/$1.peers"
      return
    fi
    nap 0.01
  done
  die "wireguard-go of $1 did not come up: $(tail -n 3 "$state/log/$1.wireguard.log")"
}

# What vm1 sends to a gateway: the second one is a neighbour in the tunnel, the first one the way out to everywhere.
tunnel_range() { if is_spare "$1"; then echo 10.1.255.254/32; else echo 0.0.0.0/0; fi; }

# Points vm1's tunnel at a gateway, and leaves the other's session alone. Taking the peer away first forgets the old
# session; it would otherwise last up to 15 s until a VM notices that the gateway at the other end has started anew.
aim_tunnels() {
  local key=$state/$1/root/var/lib/chatops/wireguard.pub file=$state/vm1.peers/$1 iface former
  [ -s "$key" ] || die "$1 has no /var/lib/chatops/wireguard.pub: did infra/gateway/install make its WireGuard key?"
  iface=$(tunnel_name vm1)
  # The keeper must not bring back a peer that it has just read.
  exec 7>"$state/vm1.peers/.lock"
  flock 7
  if read -r former _ 2>/dev/null <"$file"; then inside vm1 wg set "$iface" peer "$former" remove; fi
  echo "$(cat "$key") endpoint $(addresses "$1" underlay):51820 persistent-keepalive 1 allowed-ips $(tunnel_range "$1")" >"$file"
  # shellcheck disable=SC2046 # a list of words
  inside vm1 wg set "$iface" peer $(cat "$file")
  exec 7>&-
}

# A TCP port on the machine's loopback that leads to a gateway's sshd through the public segment. It stays when the
# gateway goes. nodelay on both legs: an exec over SSH takes 40-90 ms instead of 7 without it. One part in the client's
# network and one outside, so that no connection waits for a program to start.
start_forward() {
  local gateway=$1 port=2222 address tries way
  read -r address <<<"$(addresses "$gateway" public)"
  way=$state/$gateway/sshd
  inside_spawn "$gateway.way" client socat "UNIX-LISTEN:$way,fork,unlink-early,mode=600,backlog=128" "TCP:$address:22,nodelay,connect-timeout=5"
  [ "$lab" = default ] || port=2223
  for (( ; port < 3000; port++)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    spawn "$gateway.forward" socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=128" "UNIX-CONNECT:$way"
    for ((tries = 0; tries < 200; tries++)); do
      pid_of "$gateway.forward" || continue 2
      if listens "$pid" "$port"; then
        echo "$port" >"$state/$gateway/port"
        return
      fi
      nap 0.005
    done
  done
  die "no free TCP port between 2222 and 2999 on 127.0.0.1: $(tail -n 1 "$state/log/$gateway.forward.log")"
}

# Does this very process listen there? Another lab may have been quicker with the same port.
listens() {
  local inode
  inode=$(awk -v want="$(printf '0100007F:%04X' "$2")" '$2 == want && $4 == "0A" { print $10 }' /proc/net/tcp)
  [ -n "$inode" ] && [ -n "$(find "/proc/$1/fd" -lname "socket:\\[$inode\\]" 2>/dev/null)" ]
}

# What a command in a host begins with, in ${entry[@]}.
entry_to() {
  entry=(nsenter --net="$(space "$1")")
  if is_gateway "$1"; then
    leader_of "$1" || die "$1 is off; 'lab --name $lab on $1' starts it"
    entry=(nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root --wd
      env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}")
  fi
}

run_in() {
  entry_to "$1"
  shift
  exec "${entry[@]}" "$@"
}
