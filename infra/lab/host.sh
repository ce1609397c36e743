# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# Can the lab be on this machine, and are the tools here?

# command:package, for the commands that a minimal Debian or Ubuntu may lack. The second line is for 'lab exec client'.
host_tools='ip:iproute2 systemd-nspawn:systemd-container debootstrap:debootstrap socat:socat wireguard-go:wireguard-go
wg:wireguard-tools /usr/bin/python3:python3 ssh-keygen:openssh-client ping:iputils-ping nc:netcat-openbsd curl:curl'

packages_of_missing_tools() {
  local tool
  for tool in $host_tools; do
    command -v "${tool%%:*}" >/dev/null || printf '%s ' "${tool#*:}"
  done
}

# Succeeds when the lab can be here; else one line of $reason.
why_not() {
  local answer
  reason=
  if [ "$(uname -s)" != Linux ]; then
    reason="the lab needs Linux (network namespaces, systemd-nspawn); this is $(uname -s)"
  elif [ "$(id -u)" != 0 ]; then
    reason="the lab needs root, to make network namespaces and mounts; try again with sudo"
  elif ! command -v unshare >/dev/null || ! command -v flock >/dev/null; then
    reason="the lab needs util-linux (unshare, flock)"
  elif ! command -v apt-get >/dev/null; then
    reason="the lab needs Debian or Ubuntu: it makes its gateways with apt and debootstrap"
  elif ! answer=$(unshare --net true 2>&1); then
    reason="no permission to make network namespaces (a container without privileges?): $answer"
  elif ! answer=$(try_mounts 2>&1); then
    reason="no permission to make overlay mounts (a container without privileges?): ${answer//$'\n'/; }"
  elif [ ! -e /sys/fs/cgroup/cgroup.controllers ] && [ ! -d /sys/fs/cgroup/systemd ]; then
    reason="no control groups at /sys/fs/cgroup, which systemd in the gateways needs"
  elif [ ! -c /dev/net/tun ] && ! make_tun 2>/dev/null; then
    reason="no /dev/net/tun, which WireGuard in user space needs"
  elif command -v ip >/dev/null && ! answer=$(unshare --net sh -c \
    'ip link add name veth0 type veth peer name veth1 && ip link add name bridge0 type bridge' 2>&1); then
    reason="the kernel makes no veth pairs or bridges: ${answer//$'\n'/; }"
  fi
  [ -z "$reason" ]
}

try_mounts() {
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare --mount --propagation private sh -ec '
    mount -t tmpfs none /mnt && cd /mnt && mkdir lower upper work all
    mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work all'
}

make_tun() { modprobe tun 2>/dev/null; mkdir -p /dev/net; [ -c /dev/net/tun ] || mknod /dev/net/tun c 10 200; }

require_host() {
  local packages
  why_not || { say "the lab cannot be here: $reason"; exit 3; }
  packages=$(packages_of_missing_tools)
  [ -n "$packages" ] || return 0
  # shellcheck disable=SC2086 # a list of words
  install_packages $packages
  packages=$(packages_of_missing_tools)
  [ -z "$packages" ] || die "installed, but still missing: $packages- is another 'bin' folder in PATH first?"
}

install_packages() {
  say "installing on this machine: $*"
  run_quietly "installing packages" apt_install "$@"
}

# Programs of clients and of the services that 'serve' starts: command:package.
on_demand='dig:bind9-dnsutils psql:postgresql-client sftp:openssh-client sipp:sip-tester'
demanded() {
  local tool
  for tool in $on_demand; do printf '%s ' "${tool%%:*}"; done
}

need_tool() {
  local tool
  command -v "$1" >/dev/null && return
  for tool in $on_demand; do
    if [ "${tool%%:*}" = "$1" ]; then install_packages "${tool#*:}"; fi
  done
  command -v "$1" >/dev/null || die "installed its package, but there is no '$1' in PATH"
}

# need_daemon FILE PACKAGE UNIT...: the units of a package that came for the lab are not to start at the next boot either.
need_daemon() {
  local file=$1 package=$2
  shift 2
  # shellcheck disable=SC2086 # a pattern of names
  ls $file >/dev/null 2>&1 && return
  install_packages "$package"
  systemctl disable "$@" >/dev/null 2>&1 || true
}

# Output matters only when it fails.
run_quietly() {
  local what=$1 output
  shift
  output=$("$@" 2>&1 8>&- 9>&-) || { printf '%s\n' "$output" | tail -n 15 >&2; die "$what failed (above: the end of what it said)"; }
}
