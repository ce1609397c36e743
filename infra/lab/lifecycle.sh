# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# Up, down and how it is.

lab_up() {
  local start
  need_root_or_reason
  take_lock
  if healthy; then return; fi
  require_host
  clock; start=$now
  # From here on whatever ends this script takes the half-made lab with it.
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  trap 'give_up $? "$BASH_COMMAND"' EXIT
  tear_down
  make_rootfs
  bring_up
  trap - INT TERM HUP
  trap drop_lock EXIT
  clock
  say "'$lab' is up with $distribution after $((now - start)) ms; SSH of gw1 at 127.0.0.1:$(cat "$state/gw1/port")"
}

need_root_or_reason() { [ "$(id -u)" = 0 ] && return; require_host; }

# Whoever ends this by 'exit' has said why; anything else is a command that failed without a word.
give_up() {
  trap '' INT TERM HUP
  trap - EXIT
  case $2 in
    exit\ *) say "stopped before the lab was up; cleaning" ;;
    *) say "stopped before the lab was up, with status $1 of '$2'; cleaning" ;;
  esac
  tear_down
  drop_lock
  exit "$1"
}

bring_up() {
  local gateway vm
  mkdir -m 0700 "$state"
  mkdir "$state/run" "$state/log"
  echo "$distribution" >"$state/distribution"
  ssh-keygen -q -t ed25519 -N '' -C "chatops lab $lab" -f "$state/controller_ed25519"
  make_segments
  plug client
  for vm in $(vms); do start_vm "$vm"; done
  # Gateways that boot come first in "gateways": the rest is done while they do.
  for gateway in $(gateways); do
    mkdir "$state/$gateway"
    ssh-keygen -q -t ed25519 -N '' -C "$gateway" -f "$state/$gateway/ssh_host_ed25519_key"
    start_forward "$gateway"
    if is_spare "$gateway"; then continue; fi
    new_disk "$gateway"
    boot "$gateway"
    aim_tunnels "$gateway"
  done
  plug far
  start_server far
  for gateway in $(gateways); do is_spare "$gateway" || wait_ready "$gateway"; done
  write_info
}

# Up, and everything answers. A gateway that was switched off is switched on, and a server that was stopped is started;
# that is what 'up' says.
healthy() {
  local host
  [ -e "$state/lab.json" ] || return 1
  for host in net $(hosts); do
    if is_gateway "$host"; then continue; fi
    [ -e "$(space "$host")" ] || return 1
  done
  for host in $(machines); do
    pid_of "$host" || { say "the server of $host was stopped; starting it"; start_server "$host"; }
    if has_tunnel "$host"; then pid_of "$host.wireguard" && pid_of "$host.keeper" || return 1; fi
  done
  for host in $(gateways); do
    pid_of "$host.forward" && pid_of "$host.way" || return 1
    if is_spare "$host" && ! pid_of "$host"; then continue; fi
    mountpoint -q "$state/$host/root" || return 1
    if pid_of "$host"; then
      banner "$host" || banner "$host" || return 1
    else
      say "$host is off; switching it on"
      switch_on "$host"
    fi
  done
}

write_info() {
  local gateway there='' spare=''
  for gateway in $(gateways); do
    if is_spare "$gateway"; then spare+=,$(gateway_info "$gateway"); else there+=,$(gateway_info "$gateway"); fi
  done
  printf '{"name":"%s","gateways":[%s],"spare":[%s]}\n' "$lab" "${there#,}" "${spare#,}" >"$state/lab.json.new"
  mv "$state/lab.json.new" "$state/lab.json"
}

gateway_info() {
  printf '{"name":"%s","addresses":[%s],"ssh":"127.0.0.1:%s","identity":"%s","hostKey":"%s"}' \
    "$1" "$(addresses "$1" public | sed 's/.*/"&"/' | paste -sd,)" "$(cat "$state/$1/port")" "$state/controller_ed25519" \
    "$(ssh-keygen -l -E sha256 -f "$state/$1/ssh_host_ed25519_key.pub" | cut -d' ' -f2)"
}

lab_status() {
  local host up all=0 process
  for host in $(hosts); do
    up=up process=-
    if [ "$host" = client ]; then
      [ -e "$(space client)" ] || up=down
    elif is_gateway "$host"; then
      if leader_of "$host" && banner "$host"; then process=$leader; else up=down; fi
      if is_spare "$host" && ! pid_of "$host"; then up=spare; fi
    elif pid_of "$host"; then
      process=$pid
    else
      up=down
    fi
    [ "$up" != down ] || all=1
    printf '%-7s %-5s pid %-8s %s\n' "$host" "$up" "$process" "$(addresses "$host" | paste -sd' ')"
  done
  return $all
}

# Works from names and from the kernel's own lists, not from a record of what was done: it also clears what a lab left
# that was killed at any moment.
tear_down() {
  local gateway record
  for gateway in $(gateways); do cut_power "$gateway"; done
  for record in "$state"/run/*; do
    [ ! -e "$record" ] || end_recorded "${record##*/}"
  done
  end_control_groups "$lab"
  remove_spaces
  rm -f "/var/run/wireguard/$(tunnel_name vm1).sock"
  rmdir /var/run/wireguard 2>/dev/null || true
  unmount_below "$state/"
  rm -rf --one-file-system "$state"
}

unmount_below() {
  local path
  while read -r path; do
    umount "$path" 2>/dev/null || umount --lazy "$path"
  done < <(awk -v below="$1" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
}
