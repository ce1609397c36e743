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
  trap 'give_up $?' EXIT
  tear_down
  make_rootfs
  bring_up
  trap - INT TERM HUP
  trap drop_lock EXIT
  clock
  say "'$lab' is up after $((now - start)) ms; SSH of gw1 at 127.0.0.1:$(cat "$state/gw1/port")"
}

need_root_or_reason() { [ "$(id -u)" = 0 ] && return; require_host; }

give_up() {
  trap '' INT TERM HUP
  trap - EXIT
  say "stopped before the lab was up; cleaning"
  tear_down
  drop_lock
  exit "$1"
}

bring_up() {
  local gateway vm
  mkdir -m 0700 "$state"
  mkdir "$state/run" "$state/log"
  ssh-keygen -q -t ed25519 -N '' -C "chatops lab $lab" -f "$state/controller_ed25519"
  make_segments
  plug client
  for vm in $(vms); do start_vm "$vm"; done
  for gateway in $(gateways); do
    mkdir "$state/$gateway"
    start_forward "$gateway"
    new_disk "$gateway"
    boot "$gateway"
    aim_tunnels "$gateway"
  done
  for gateway in $(gateways); do wait_ready "$gateway"; done
  write_info
}

# Up, and everything answers. A gateway that was switched off is switched on; that is what 'up' says.
healthy() {
  local host
  [ -e "$state/lab.json" ] || return 1
  for host in net $(hosts); do
    if is_gateway "$host"; then continue; fi
    [ -e "$(space "$host")" ] || return 1
  done
  for host in $(vms); do
    pid_of "$host" || return 1
    if has_tunnel "$host"; then pid_of "$host.wireguard" && pid_of "$host.keeper" || return 1; fi
  done
  for host in $(gateways); do
    pid_of "$host.forward" || return 1
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
  local gateway list separator=''
  {
    printf '{"name":"%s","gateways":[' "$lab"
    for gateway in $(gateways); do
      list=$(addresses "$gateway" public | sed 's/.*/"&"/' | paste -sd,)
      printf '%s{"name":"%s","addresses":[%s],"ssh":"127.0.0.1:%s","user":"root","identity":"%s","hostKey":"%s"}' \
        "$separator" "$gateway" "$list" "$(cat "$state/$gateway/port")" "$state/controller_ed25519" \
        "$(ssh-keygen -l -E sha256 -f "$state/$gateway/ssh_host_ed25519_key.pub" | cut -d' ' -f2)"
      separator=,
    done
    printf ']}\n'
  } >"$state/lab.json.new"
  mv "$state/lab.json.new" "$state/lab.json"
}

lab_status() {
  local host up all=0 process
  for host in $(hosts); do
    up=up process=-
    if [ "$host" = client ]; then
      [ -e "$(space client)" ] || up=down
    elif is_gateway "$host"; then
      if leader_of "$host" && banner "$host"; then process=$leader; else up=down; fi
    elif pid_of "$host"; then
      process=$pid
    else
      up=down
    fi
    [ "$up" = up ] || all=1
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
