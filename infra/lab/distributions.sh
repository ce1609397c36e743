# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# shellcheck disable=SC1091 # /etc/os-release is not ours to check
# Which distributions a gateway can have, and where one comes from: its archive, and the keys that its archive is signed with.

# name distribution suite script: the last is debootstrap's, for suites that are newer than the debootstrap of this machine.
distributions='
debian12 debian bookworm sid
debian13 debian trixie sid
testing debian testing sid
ubuntu24.04 ubuntu noble gutsy
ubuntu26.04 ubuntu resolute gutsy'
default_distribution=debian13

distribution_names() { awk 'NF { print $1 }' <<<"$distributions" | paste -sd' '; }

# What the lab has, or else what was asked for, or else the default: in $distribution, with its $vendor, $suite and $suite_script.
set_distribution() {
  local name
  distribution=${1:-$default_distribution}
  [[ " $(distribution_names) " == *" $distribution "* ]] ||
    fail_usage "'$distribution' is no distribution for a gateway; there is: $(distribution_names)"
  if [ -s "$state/distribution" ]; then read -r distribution <"$state/distribution"; fi
  while read -r name vendor suite suite_script; do
    [ "$name" != "$distribution" ] || return 0
  done <<<"$distributions"
  die "$state/distribution names '$distribution', which this checkout does not know. Next: lab --name $lab down"
}

# A lab that runs keeps what it has: to ask it for another one is a mistake, not a wish to lose it.
same_distribution() {
  [ ! -e "$state/lab.json" ] || [ -z "$1" ] || [ "$1" = "$distribution" ] ||
    die "lab '$lab' has $distribution. Next: lab --name $lab down, then lab --name $lab --distribution $1 up; or --name another one"
}

# Where the packages of a distribution come from, in $mirror: where this machine has its own from, if it is of that distribution; apt
# reads its sources, so every format that it knows will do. Several addresses may be behind one 'mirror+file:' entry (some CI machines
# have that); the first serves. Empty is the archive that debootstrap knows itself.
find_mirror() {
  local uri release list
  mirror=${CHATOPS_MIRROR:-}
  [ -z "$mirror" ] && [ "$(host_vendor)" = "$1" ] || return 0
  while IFS='|' read -r uri release; do
    # Updates and security are archives beside it.
    if [[ $release == *-* ]] || [ -n "$mirror" ]; then continue; fi
    case $uri in
      mirror+file:*) list=${uri#mirror+file:}; mirror=$(awk '/^[^#]/ { print $1; exit }' "${list%/}") ;;
      http:* | https:* | file:*) mirror=$uri ;;
    esac
  done < <(apt_sources "$1")
}

host_vendor() { (. /etc/os-release && echo "$ID"); }

# Other vendors' archives use the distribution's suite names too. The distribution's own says so in its release file; before
# the first 'apt-get update' there is none, and the name of the folder must do.
apt_sources() {
  local origin=${1^}
  # shellcheck disable=SC2016 # apt expands these
  set -- --format '$(REPO_URI)|$(RELEASE)' 'Created-By: Packages' 'Component: main'
  apt-get indextargets "$@" "Origin: $origin"
  apt-get indextargets --no-release-info "$@" | grep -E '^mirror|/(debian|ubuntu|ubuntu-ports)/?\|' || true
}

# The keys of a vendor's archive, in $keyring. Debian and Ubuntu package each other's, so that they come over archives whose keys are here
# already. Debian 12 lacks those of Ubuntu; they are in Debian 13, whose keys it has.
find_keyring() {
  local file=$1-archive-keyring.gpg package=$1-keyring mirror
  [ "$1" != debian ] || package=debian-archive-keyring
  for keyring in "/usr/share/keyrings/$file" "$cache/$file"; do
    [ ! -s "$keyring" ] || return 0
  done
  if [ "$(host_vendor)" = debian ] && ! apt-cache policy "$package" | grep 'Candidate: [0-9]' >/dev/null; then
    find_mirror debian
    say "fetching the keys of $1's archive from Debian 13"
    run_quietly "fetching $package" fetch_keys "$package" "${mirror:?}" trixie "$file"
  else
    install_packages "$package"
    keyring=/usr/share/keyrings/$file
  fi
}

# fetch_keys PACKAGE MIRROR SUITE FILE: a keyring out of a package of another release of Debian, into the cache. apt looks at signatures as
# ever, and its own state is left alone.
fetch_keys() {
  local work status=0 options
  work=$(mktemp -d)
  chmod 0755 "$work"
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $2 $3 main" >"$work/sources"
  options="-q -o Dir::Etc::SourceList=$work/sources -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$work/lists
    -o Dir::Cache=$work -o Acquire::Languages=none -o APT::Update::Error-Mode=any"
  # shellcheck disable=SC2086 # a list of words
  (
    cd "$work" && apt-get $options update && apt-get $options download "$1" && dpkg-deb --extract "$1"_*.deb files &&
      cp "files/usr/share/keyrings/$4" "$cache/$4.new" && mv "$cache/$4.new" "$cache/$4"
  ) || status=$?
  rm -rf "$work"
  return $status
}
