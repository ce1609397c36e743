#!/usr/bin/env bash
# nftables 1.0.6 (Debian 12), in a network namespace of its own; the kernel is the machine's.
# Surprise 1: one value out of a range is deleted. In a set of one field that is refused ("element does not exist"). In a set of two fields it is done,
#   exit 0, and takes the whole range: closing port 85 closes 80 to 90.
# Surprise 2: an element is added again with another limit: exit 0, and the old limit stays. (With a map and another target it is refused.)
# Surprise 3: a set with auto-merge joins 80, 81 and 82, and then 81 is no element that can be deleted, though it was added as one.
# So: what is added is what is deleted, to the letter; no auto-merge; a changed limit is a deletion and an addition in one transaction.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison nftables | awk '$3 ~ /^1\.0\.6/ { print $3; exit }')
apt-get download -q "nftables=${version:?no nftables 1.0.6 here: apt-get update first}" "libnftables1=$version" libnftnl11 libmnl0 libjansson4 libxtables12 libedit2 >&2
for package in *.deb; do dpkg -x "$package" tools; done
cat >table.nft <<'END'
table inet finding {
  set pairs { type inet_service . ipv4_addr; flags interval; elements = { 80-90 . 192.0.2.1 }; }
  set ports { type inet_service; flags interval; elements = { 80-90 }; }
  set merged { type inet_service; flags interval; auto-merge; elements = { 80, 81, 82 }; }
  set limited { type ipv4_addr; limit rate 5/second; elements = { 192.0.2.1 limit rate 5/second }; }
}
END
cat >ask <<'END'
export LD_LIBRARY_PATH=$PWD/tools/usr/lib/x86_64-linux-gnu
ask() { printf '%s: ' "$*"; if tools/usr/sbin/nft "$@" >/dev/null 2>error; then echo done; else sed -n 's/^Error: /refused, /p;q' error; fi; }
left() { printf '  left: %s\n' "$(tools/usr/sbin/nft list set inet finding "$1" | sed -n 's/^\t*elements = //p')"; }
tools/usr/sbin/nft -f table.nft
ask delete element inet finding ports '{ 85 }'
left ports
ask delete element inet finding pairs '{ 85 . 192.0.2.1 }'
left pairs
ask delete element inet finding merged '{ 81 }'
left merged
ask add element inet finding limited '{ 192.0.2.1 limit rate 9/second }'
left limited
END
unshare --map-root-user --net sh ask | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
delete element inet finding ports { 85 }: refused, element does not exist
  left: { 80-90 }
delete element inet finding pairs { 85 . 192.0.2.1 }: done
  left: 
delete element inet finding merged { 81 }: refused, element does not exist
  left: { 80-82 }
add element inet finding limited { 192.0.2.1 limit rate 9/second }: done
  left: { 192.0.2.1 limit rate 5/second }
END
echo 'as described'
