# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# A gateway: a guest with its own systemd, on a disk that is an overlay over the shared root file system.

# make_disk GATEWAY [FOLDER]: a new disk, $disk, that is empty or what the folder says. Each one has folders of its own: the kernel may still
# hold the last one for a moment.
make_disk() {
  disk=$(mktemp -d "$state/$1/disk.XXXXXX")
  mkdir -p "$state/$1/root"
  fill_disk "${2-}"
  mount_disk "$1" "$disk" 2>/dev/null && return
  # The state folder may itself be on an overlay (a container), which cannot carry another one's upper layer.
  mount -t tmpfs -o mode=0755 "$prefix$1" "$disk"
  fill_disk "${2-}"
  mount_disk "$1" "$disk" || die "cannot mount the disk of $1 at $state/$1/root (overlay on $rootfs); see 'dmesg | tail'"
}
fill_disk() {
  mkdir "$disk/work"
  if [ -n "$1" ]; then cp -a "$1" "$disk/upper"; else mkdir "$disk/upper"; fi
}
mount_disk() {
  mount -t overlay "$prefix$1" -o "lowerdir=$rootfs,upperdir=$2/upper,workdir=$2/work" "$state/$1/root"
}

# What is on a new machine when a provider hands it over: a name, a host key, and its owner's key for root.
name_it() {
  local gateway=$1 root=$state/$1/root key=$state/$1/ssh_host_ed25519_key
  echo "$gateway" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost\n' "$gateway" >"$root/etc/hosts"
  # With an empty machine-id systemd takes this for a first boot and enables every service there is.
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  cp -p "$key" "$key.pub" "$root/etc/ssh/"
  # It was started before: what a first start makes of /usr (linker cache, users, the journal's catalogue) is there.
  touch -r "$root/usr" "$root/etc/.updated" "$root/var/.updated"
}

# A new gateway: the machine, with our program set up by its own 'install', from the folder $files.
provision() {
  local gateway=$1 root=$state/$1/root
  # Offline and in namespaces of its own, so that nothing it starts or mounts outlives it.
  # shellcheck disable=SC2016 # the inner shell expands it
  run_quietly "setting up $gateway with infra/gateway/install" \
    unshare --mount --propagation private --net --pid --fork --kill-child sh -ec '
      mount -t proc proc "$1/proc"
      mount -t tmpfs none "$1/mnt"
      mkdir "$1/mnt/gateway"
      mount --bind -o ro "$2" "$1/mnt/gateway"
      cp "$3" "$1/mnt/controller.pub"
      exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
        chroot "$1" /mnt/gateway/install --authorized-key /mnt/controller.pub' \
    sh "$root" "$files" "$state/controller_ed25519.pub"
}

boot() {
  local gateway=$1
  plug "$gateway"
  # Control groups of its own: two systemds in one group would each take the other's services for theirs.
  local group=$lab.$gateway
  # --keep-unit --register=no: no word with the host's service manager, which may not be systemd at all.
  # API_VFS_WRITABLE=network: the guest sets its own network's sysctls (forwarding).
  # UNIFIED_HIERARCHY: systemd 258 and newer run with version 2 of the control groups only, whatever this machine's systemd has.
  spawn "$gateway" env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory="$state/$gateway/root" \
    --machine="$prefix$gateway" --hostname="$gateway" --network-namespace-path="$(space "$gateway")" \
    --capability=CAP_NET_ADMIN --boot --register=no --keep-unit --resolv-conf=off --timezone=off --link-journal=no
}

# The guest's process 1, in $leader: the child of nspawn that has a process namespace of its own.
leader_of() {
  local child children ours
  leader=
  pid_of "$1" || return 1
  ours=$(readlink /proc/self/ns/pid)
  { read -ra children <"/proc/$pid/task/$pid/children" || true; } 2>/dev/null
  for child in "${children[@]}"; do
    if [ "$(readlink "/proc/$child/ns/pid" 2>/dev/null || echo "$ours")" != "$ours" ]; then leader=$child; return; fi
  done
  return 1
}

# Power cut: everything in the guest dies at once, and what lives in the kernel (addresses, nft rules, conntrack) with it.
cut_power() {
  local gateway=$1 locks=
  if pid_of "$gateway"; then locks=$(find "/proc/$pid/fd" -lname '/run/*nspawn/locks/*' -printf '%l ' 2>/dev/null || true); fi
  if leader_of "$gateway"; then kill -9 "$leader" 2>/dev/null || true; fi
  end_recorded "$gateway"
  end_control_groups "$lab.$gateway"
  unplug "$gateway"
  # nspawn had no time to take these away.
  rm -rf --one-file-system "/run/systemd/nspawn/propagate/$prefix$gateway" "/run/systemd/nspawn/unix-export/$prefix$gateway"
  # shellcheck disable=SC2086 # a list of files
  rm -f $locks
}

# An orderly restart: services are asked to stop, as a real 'reboot' does, before the power goes.
reboot_gateway() {
  local tries
  if leader_of "$1"; then
    kill -s RTMIN+4 "$leader" 2>/dev/null || true
    for ((tries = 0; tries < 500; tries++)); do
      pid_of "$1" || break
      nap 0.02
    done
    pid_of "$1" && say "$1 did not shut down within 10 s; its power was cut"
  fi
  cut_power "$1"
  switch_on "$1"
}

switch_on() {
  if pid_of "$1"; then wait_ready "$1"; return; fi
  cut_power "$1"
  # A 'fresh' that failed half-way leaves a disk that is not worth booting.
  [ -e "$state/$1/provisioned" ] || new_disk "$1"
  boot "$1"
  is_bare "$1" || aim_tunnels "$1"
  wait_ready "$1"
}

# A machine that has never seen us, and has not become a gateway since.
is_bare() { [ -s "$state/$1/provisioned" ] && [ ! -e "$state/$1/root/var/lib/chatops/wireguard.pub" ]; }

fresh_gateway() {
  cut_power "$1"
  rm -f "$state/$1/provisioned"
  switch_on "$1"
  write_info
}

# A machine that has never seen us.
bare_machine() {
  cut_power "$1"
  remove_disk "$1"
  make_rootfs
  make_disk "$1"
  name_it "$1"
  install -D -m 0600 "$2" "$state/$1/root/root/.ssh/authorized_keys"
  chmod 0700 "$state/$1/root/root/.ssh"
  echo bare >"$state/$1/provisioned"
  boot "$1"
  wait_ready "$1"
}

# What 'install' makes of an empty disk is kept for the next one, until the folder that it comes from is another.
new_disk() {
  local files made
  remove_disk "$1"
  make_rootfs
  files=$("$lab_dir/../gateway/build") || die 'the program of the gateway cannot be built (above: why)'
  made=$state/$1/installed-${files##*files-}
  if [ -d "$made" ]; then
    make_disk "$1" "$made"
    name_it "$1"
  else
    make_disk "$1"
    name_it "$1"
    provision "$1"
    rm -rf "$state/$1"/installed-*
    cp -a "$disk/upper" "$made.new"
    mv "$made.new" "$made"
  fi
  : >"$state/$1/provisioned"
}

remove_disk() {
  unmount_below "$state/$1/"
  rm -rf --one-file-system "$state/$1"/disk.*
}

# Waits until sshd of a gateway answers with its banner by the way that the controller will take.
wait_ready() {
  local start limit=30000
  clock; start=$now
  until banner "$1"; do
    clock
    pid_of "$1" || { tail -n 15 "$state/log/$1.log" >&2; die "$1 stopped while it booted (above: its console)"; }
    [ $((now - start)) -lt $limit ] ||
      { tail -n 15 "$state/log/$1.log" >&2; die "no SSH banner from $1 within $((limit / 1000)) s (above: its console)"; }
    nap 0.03
  done
  if leader_of "$1" && start_time "$leader"; then echo "$leader $started" >"$state/run/$1.init"; fi
}

# Whether something listens on port 22 in a gateway, looked up without starting a process: a machine that boots is asked often.
takes_ssh() {
  local child children fields file
  pid_of "$1" && { read -ra children <"/proc/$pid/task/$pid/children" || true; } 2>/dev/null || return 1
  for child in "${children[@]}"; do
    for file in "/proc/$child/net/tcp" "/proc/$child/net/tcp6"; do
      while read -ra fields; do
        [[ ${fields[1]} != *:0016 || ${fields[3]} != 0A ]] || return 0
      done 2>/dev/null <"$file"
    done
  done
  return 1
}

banner() {
  local port line
  read -r port <"$state/$1/port" || return 1
  takes_ssh "$1" || return 1
  { line=$(exec 3<>"/dev/tcp/127.0.0.1/$port" && read -r -t 2 line <&3 && echo "$line"); } 2>/dev/null &&
    [[ $line == SSH-2.0-* ]]
}
