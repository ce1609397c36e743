# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# The root file system that all gateways of a lab share as the lower layer of their disks: one of each distribution that was asked for,
# made once and kept in a cache folder.

cache=${CHATOPS_CACHE:-/var/cache/chatops}

rootfs_packages=systemd,systemd-sysv,dbus,openssh-server,nftables,wireguard-tools,wireguard-go,iproute2,nginx-light,\
libnginx-mod-stream,haproxy,dnsmasq-base,unbound,tayga,pgbouncer,kamailio,conntrack,netcat-openbsd,procps,iputils-ping,python3,\
kmod,curl,sudo,unattended-upgrades,systemd-timesyncd
# Raise it when finish_rootfs below changes, so that caches are made anew.
rootfs_recipe=5

# Sets $rootfs and makes it when it is not there. It appears under its name only when it is whole; whoever comes second
# waits for the first.
make_rootfs() {
  rootfs=$cache/rootfs-$distribution-$(echo "$rootfs_recipe $rootfs_packages" | sha256sum | cut -c1-12)
  [ ! -d "$rootfs" ] || return 0
  mkdir -p "$cache"
  exec 8>"$cache/rootfs.lock"
  flock -n 8 || { say "waiting for another lab that makes the root file system"; flock 8; }
  [ -d "$rootfs" ] || build_rootfs
  exec 8>&-
}

build_rootfs() {
  local start end=$rootfs new=$rootfs.new components=main proxy='' script=/usr/share/debootstrap/scripts keyring mirror
  find_keyring "$vendor"
  find_mirror "$vendor"
  [ "$vendor" != ubuntu ] || components=main,universe
  if [ -e "$script/$suite" ]; then script+=/$suite; else script+=/$suite_script; fi
  say "making a root file system of $distribution for the gateways in $rootfs (once; one to five minutes, by the mirror)"
  clock; start=$now
  rm -rf --one-file-system "$new"
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  [ -z "$proxy" ] || export http_proxy="$proxy"
  # In its own mount and process namespaces: whatever ends this script ends debootstrap too, and its mounts of /proc and
  # /sys inside the new root vanish with it instead of being in the way of 'rm'.
  setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    debootstrap --variant=minbase --components="$components" --force-check-gpg --keyring="$keyring" \
    --include="$rootfs_packages" "$suite" "$new" "$mirror" "$script" </dev/null 2>&1 8>&- 9>&- |
    tee "$rootfs.log" | rootfs_progress ||
    { tail -n 5 "$rootfs.log" >&2; die "debootstrap failed; all it said is in $rootfs.log (is ${mirror:-its archive} reachable?)"; }
  finish_rootfs "$new"
  mv "$new" "$end"
  rm -f "$rootfs.log"
  clock
  say "root file system made in $(((now - start) / 1000)) s"
}

# A line every five seconds, so that a slow mirror does not look like a hang.
rootfs_progress() {
  local line status got=0 unpacked=0 configured=0 said=$SECONDS phase=starting
  while :; do
    status=0
    IFS= read -r -t 5 line || status=$?
    if [ "$status" -gt 128 ]; then line=''; elif [ "$status" -gt 0 ]; then break; fi
    case $line in
      "I: Retrieving "*) got=$((got + 1)); phase="downloading: $got" ;;
      "I: Extracting "* | "I: Unpacking "*) unpacked=$((unpacked + 1)); phase="unpacking: $unpacked" ;;
      "I: Configuring "*) configured=$((configured + 1)); phase="configuring: $configured of $got" ;;
    esac
    [ $((SECONDS - said)) -lt 5 ] || { said=$SECONDS; say "  $phase packages"; }
  done
}

# What a gateway is before our own 'install' runs on it: packages there, Debian's own nginx and HAProxy services out of
# the way (the product runs its own units), and nothing that only delays or clutters a boot.
finish_rootfs() {
  local root=$1 unit
  for unit in nginx.service haproxy.service unbound.service unbound-resolvconf.service tayga.service pgbouncer.service \
    postgresql.service kamailio.service getty@.service console-getty.service systemd-logind.service systemd-logind-varlink.socket \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    systemd-networkd.service systemd-networkd.socket systemd-resolved.service systemd-timesyncd.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  # What looks for hardware, containers and consoles at each boot that are not here.
  mkdir -p "$root/etc/systemd/system-generators"
  for unit in debug getty gpt-auto hibernate-resume rc-local run ssh system-update tpm2; do
    ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-$unit-generator"
  done
  ln -sf /dev/null "$root/etc/systemd/system-generators/postgresql-generator"
  # Its service only waits for the machine to be switched off, in Python. It can be switched on, as first-boot does.
  rm -f "$root/etc/systemd/system/multi-user.target.wants/unattended-upgrades.service"
  # Ubuntu's sshd is started by its socket, which its service requires.
  [ -e "$root/etc/systemd/system/sockets.target.wants/ssh.socket" ] ||
    run_quietly "enabling sshd in the root file system" systemctl --root="$root" enable ssh.service
  printf 'PasswordAuthentication no\nKbdInteractiveAuthentication no\n' >"$root/etc/ssh/sshd_config.d/10-lab.conf"
  rm -rf "$root"/etc/ssh/ssh_host_* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin \
    "$root"/var/cache/apt/archives/*.deb "$root/etc/resolv.conf" "$root/etc/hostname" "$root/debootstrap"
  # As after a first boot: a gateway does not build its caches anew at every one.
  chroot "$root" ldconfig
  touch -r "$root/usr" "$root/etc/.updated" "$root/var/.updated"
  : >"$root/etc/resolv.conf"
  : >"$root/etc/machine-id"
}
