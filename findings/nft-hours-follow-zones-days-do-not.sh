#!/usr/bin/env bash
# nftables 1.0.6 (Debian 12), in a network namespace of its own; the kernel is the machine's. The manual says how "meta hour" and "meta day"
#   are written, and nothing of time zones. Here each rule is loaded in one zone, and listed in UTC, which is what the kernel compares with.
# Surprise 1: nft moves an hour to UTC, by the zone of whoever loads the rule; a day it does not move. "Monday from 0 to 6", loaded in
#   Berlin, is Monday from 1 to 6 and Tuesday from 0 to 1. Where another day has begun than in UTC, a rule with that day's name does not
#   match.
# Surprise 2: a comparison is moved as a bare number. West of Greenwich "from 22:00 on" runs over midnight in UTC: in New York it becomes
#   22:00 to 19:00, and two hours west it is always. Nothing is refused; the listing says 1193044:28:16, which nft does not take back.
# Surprise 3: a range that comes to run over midnight is turned round, so it is right. In a set the same range is refused, in those zones
#   alone.
# So: a gateway has its zone in UTC, hours stand in ranges, and what people say becomes UTC, day and hour together, before it is a rule.
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
# load ZONE RULE: loads one rule.
load() {
  $nft flush ruleset
  echo "table inet finding { chain out { type filter hook output priority 0; $2; }; }" | TZ=$1 $nft -f - 2>error
}
listed() { TZ=$1 $nft list chain inet finding out | sed -n '4s/^\t*//p'; }
# zone NAME ZONE RULE...
zone() {
  local name=$1 zone=$2
  shift 2
  for rule in "$@"; do
    printf '%s, %s: ' "$name" "$rule"
    if load "$zone" "$rule"; then echo "$(listed UTC)"; else sed -n 's/.*Error: /refused, /p;q' error; fi
  done
}
# sees: whether the rule matches a packet that is sent to the machine itself.
sees() {
  echo >/dev/udp/127.0.0.1/9
  if $nft list chain inet finding out | grep -q 'packets 0 '; then echo 'does not match'; else echo matches; fi
}
ip link set lo up
zone Berlin '<+01>-1' 'meta day "Monday" meta hour "00:00"-"06:00"' 'meta hour { "00:00"-"06:00" }'
zone 'New York' '<-05>5' 'meta hour >= "22:00"' 'meta hour { "00:00"-"06:00" }'
load '<-05>5' 'meta hour >= "22:00"'
echo "listed there: $(listed '<-05>5')"
if load '<-05>5' "$(listed '<-05>5')"; then echo 'taken back'; else sed -n 's/.*Error: /taken back: refused, /p;q' error; fi
load '<-02>2' 'meta hour >= "22:00" counter'
echo "two hours west, at any hour, >= 22:00: $(sees), which is $(listed UTC | sed 's/ counter.*//')"
# A zone where the day has another name now than in UTC.
if [ "$(date -u +%-H)" -ge 12 ]; then away='<+12>-12'; else away='<-12>12'; fi
load "$away" "meta day \"$(TZ=$away date +%A)\" counter"
echo "the day that it is there: $(sees)"
load "$away" "meta day \"$(date -u +%A)\" counter"
echo "the day that it is in UTC: $(sees)"
END
LC_ALL=C unshare --map-root-user --net bash ask | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
Berlin, meta day "Monday" meta hour "00:00"-"06:00": meta day "Monday" meta hour != "05:00"-"23:00"
Berlin, meta hour { "00:00"-"06:00" }: refused, Range has zero or negative size
New York, meta hour >= "22:00": meta hour >= "03:00"
New York, meta hour { "00:00"-"06:00" }: meta hour "05:00"-"11:00"
listed there: meta hour >= "1193044:28:16"
taken back: refused, wrong time format
two hours west, at any hour, >= 22:00: matches, which is meta hour >= "00:00"
the day that it is there: does not match
the day that it is in UTC: matches
END
echo 'as described'
