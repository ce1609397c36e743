# shellcheck shell=bash
# Debian's packages on this machine. Sourced by infra/setup.sh and by the lab.

# missing_packages PACKAGE...: those that are not installed, in a line.
missing_packages() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep 'ok installed' >/dev/null || missing+=("$package")
  done
  echo "${missing[*]}"
}

# apt_install PACKAGE...: one caller at a time, because two labs may want the same at once, and apt does not wait for another 'update'. A package
# may bring a daemon; none is to start here because somebody runs our tests or uses a lab: policy-rc.d says so to the packages.
apt_install() {
  # shellcheck disable=SC2016 # the inner shell expands it
  flock /run/chatops-packages.lock sh -c '
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap "rm -f /usr/sbin/policy-rc.d" EXIT
      printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
      chmod +x /usr/sbin/policy-rc.d
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=120 update &&
      apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"' sh "$@"
}
