#!/usr/bin/env bash
# nftables 1.0.6 (Debian 12), in a network namespace of its own; the kernel is the machine's. What "nft list ruleset" says is loaded again
#   by the same nft into an empty ruleset, once as text and once as JSON (-j), which a program would rather keep.
# Surprise 1: the text comes back as it was. Of the JSON some is lost without a word: comments of tables, chains and sets, what the counters
#   of a set's elements had counted, and two flags of sets. Without auto-merge a port is refused that lies in a range already there; without
#   dynamic a rule that adds to the set is.
# Surprise 2: other things that nft writes as JSON it does not take back, and with one of them nothing of the file: a map to an address and
#   port, a chain at a device.
# So: a ruleset is kept and put back as text. JSON is for reading.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison nftables | awk '$3 ~ /^1\.0\.6/ { print $3; exit }')
apt-get download -q "nftables=${version:?no nftables 1.0.6 here: apt-get update first}" "libnftables1=$version" \
  libnftnl11 libmnl0 libjansson4 libxtables12 libedit2 >&2
for package in *.deb; do dpkg -x "$package" tools; done
cat >ask <<'END'
export LD_LIBRARY_PATH=$PWD/tools/usr/lib/x86_64-linux-gnu
nft=tools/usr/sbin/nft
# again NAME OPTION: what the ruleset is after it was listed, flushed and loaded.
again() {
  local said
  $nft $2 list ruleset >kept
  $nft flush ruleset
  if $nft $2 -f kept 2>error; then
    $nft list ruleset | sed -E 's/^[[:space:]]+//' >after
    said=$(grep -vxFf after before | paste -sd'|' | sed 's/|/; /g') || true
    echo "  $1: ${said:+lost: }${said:-comes back}"
  else
    echo "  $1: refused, $(sed -n 's/.*Error: //p;q' error)"
  fi
}
# both NAME RULESET [COMMAND...]: as text and as JSON, and what a command does afterwards.
both() {
  local name=$1 ruleset=$2
  shift 2
  echo "$name:"
  for option in -n -j; do
    $nft flush ruleset
    echo "$ruleset" | $nft -f -
    $nft list ruleset | sed -E 's/^[[:space:]]+//' >before
    if [ $option = -j ]; then again JSON -j; else again text -n; fi
    [ $# -gt 0 ] || continue
    if $nft "$@" 2>error; then echo "    then $*: done"; else echo "    then $*: $(sed -n 's/.*Error: /refused, /p;q' error)"; fi
  done
}
both 'rules and a set' 'table inet finding {
  set hosts { type ipv4_addr; flags interval; elements = { 192.0.2.0/28 comment "office" }; }
  chain input { type filter hook input priority 0; policy drop; ip saddr @hosts tcp dport { 22, 80 } accept comment "in"; }
}'
both comments 'table inet finding {
  comment "gateway 7"
  set hosts { type ipv4_addr; comment "who may"; }
  chain input { comment "web";
  }
}'
both auto-merge 'table inet finding { set ports { type inet_service; flags interval; auto-merge; elements = { 80-90 }; }; }' \
  add element inet finding ports '{ 85 }'
both 'counters of elements' 'table inet finding {
  set hosts { type ipv4_addr; counter; elements = { 192.0.2.1 counter packets 5 bytes 420 }; }
}'
both 'a map to address and port' 'table inet finding {
  map to { type inet_service : ipv4_addr . inet_service; elements = { 80 : 192.0.2.1 . 8080 }; }
}'
both 'a chain at a device' 'table netdev finding { chain in { type filter hook ingress device "lo" priority 0; }; }'
both 'a set that rules will add to' 'table inet finding {
  set seen { type ipv4_addr; flags dynamic; size 100; }
  chain input { type filter hook input priority 0; }
}' add rule inet finding input add @seen '{ ip saddr }'
END
LC_ALL=C unshare --map-root-user --net bash ask | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
rules and a set:
  text: comes back
  JSON: comes back
comments:
  text: comes back
  JSON: lost: comment "gateway 7"; comment "who may"; comment "web"
auto-merge:
  text: comes back
    then add element inet finding ports { 85 }: done
  JSON: lost: auto-merge
    then add element inet finding ports { 85 }: refused, interval overlaps with an existing one
counters of elements:
  text: comes back
  JSON: lost: elements = { 192.0.2.1 counter packets 5 bytes 420 }
a map to address and port:
  text: comes back
  JSON: refused, Invalid map type 'ipv4_addr . inet_service'.
a chain at a device:
  text: comes back
  JSON: refused, Missing `device' in this chain definition
a set that rules will add to:
  text: comes back
    then add rule inet finding input add @seen { ip saddr }: done
  JSON: lost: flags dynamic
    then add rule inet finding input add @seen { ip saddr }: refused, Could not process rule: Operation not supported
END
echo 'as described'
