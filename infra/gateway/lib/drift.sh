# shellcheck shell=sh
# shellcheck disable=SC2154 # its variables are those of chatops-gateway, which sources this
# drift: what is not as the confirmed revision says. It looks, and changes nothing. Only what is ours is looked at.

# keep FOLDER: a second copy of what was delivered, so that an edit can be shown. wg0.conf without the key.
keep() {
  [ ! -d "$1/.delivered" ] || return 0
  mkdir "$1/.delivered.$$" || return
  while read -r sum name; do
    if [ "$name" = wg0.conf ]; then as_delivered "$1/$name"; else cat "$1/$name"; fi >"$1/.delivered.$$/$name" || return
  done <"$1/sums"
  mv -T "$1/.delivered.$$" "$1/.delivered" || rm -rf "$1/.delivered.$$"
}

# found WHAT OLD NEW: adds the difference between two files of text, if there is one, to $drift.
found() {
  diff -U1 --label "confirmed" --label "now" "$2" "$3" >"$scratch/diff" 2>"$scratch/error" && return
  [ $? -eq 1 ] || refuse looking storage "cannot compare what was confirmed with what is now: $(cat "$scratch/error")" "$1"
  lines=$(grep -c '' "$scratch/diff")
  { head -n 100 "$scratch/diff" | head -c 7900; [ "$lines" -le 100 ] || echo "... $((lines - 100)) lines more"; } >"$scratch/shown"
  tell "$1" "$(cat "$scratch/shown")"
}

# tell WHAT TEXT. Keys are not shown, whoever put them there.
tell() {
  quote "$(printf '%s' "$2" | sed -E 's/((Private|Preshared)Key[ \t]*=).*/\1 (key)/')" 8192
  drift="$drift${drift:+,}{\"what\":\"$1\",\"diff\":$quoted}"
}

drift() {
  look
  settled || refuse looking busy "busy: a change of this gateway is going on; ask again"
  began=$running drift='' folder=$state/revisions/$running
  scratch=$run/drift.$$
  # shellcheck disable=SC2064 # now
  trap "rm -rf $scratch; on_exit" EXIT
  mkdir "$scratch" || refuse looking storage "cannot write to $run"
  [ -f "$folder/sums" ] || record "$folder"

  for name in $(edited "$folder"); do drift_of_file "$name"; done
  drift_of_nftables
  drift_of_lifetimes
  drift_of_services
  drift_of_wireguard
  drift_of_sysctl

  look
  { settled && [ "$running" = "$began" ]; } || refuse looking busy "busy: a change of this gateway came meanwhile; ask again"
  answer "{\"ok\":true,\"running\":$running,\"drift\":[$drift]}"
  leave 0
}

settled() { [ "$running" = "$confirmed" ] && [ ! -s "$unfinished" ]; }

# A file that is not as it was delivered.
drift_of_file() {
  now=$folder/$1
  [ -f "$now" ] || now=/dev/null
  if [ "$1" = wg0.conf ] && [ -f "$now" ]; then as_delivered "$now" >"$scratch/now"; now=$scratch/now; fi
  was=$folder/.delivered/$1
  if [ -f "$was" ]; then
    found "$1" "$was" "$now"
  elif grep -q "  $1\$" "$folder/sums"; then
    tell "$1" "it is not what was delivered, of which there is no copy any more"
  else
    found "$1" /dev/null "$now"
  fi
}

# listed FILE: the table as nft lists it, without what counts or comes by itself. -n, or nft looks up a name for every element.
listed() { nft -ns list table inet chatops | awk -f "$lib/table.awk" >"$1"; }

# The table that runs, and what a full load makes of the file in a network namespace that is gone afterwards. That one is kept
# until the file is another, or nft is, or how a listing is read: for 10,000 exposures it takes a second.
drift_of_nftables() {
  file=$folder/.delivered/nftables.nft
  [ -f "$file" ] || file=$folder/nftables.nft
  : >"$scratch/table"
  if [ -f "$file" ]; then
    sum=$({ nft --version && cat "$lib/table.awk" "$file"; } | sha256sum)
    sum=$run/table.${sum%% *}
    # A name of its own for what is kept: another look may be clearing up.
    if ! ln "$sum" "$scratch/expected" 2>/dev/null; then
      # shellcheck disable=SC2016 # for the other shell
      text=$(unshare --net /bin/sh -c 'nft -f "$1" && nft -ns list table inet chatops' sh "$file" 2>"$scratch/error" >"$scratch/full" || cat "$scratch/error")
      [ ! -s "$scratch/error" ] || refuse looking broken "cannot load nftables.nft beside what runs: $text" nftables.nft
      awk -f "$lib/table.awk" "$scratch/full" >"$scratch/expected"
      set +f; rm -f "$run"/table.*; set -f
      ln -f "$scratch/expected" "$sum"
    fi
  else
    : >"$scratch/expected"
  fi
  listed "$scratch/table" 2>/dev/null
  found nftables "$scratch/expected" "$scratch/table"
}

# table_differs: says something when the table that runs is not what its file makes; called in a subshell.
table_differs() {
  drift='' folder=$state/revisions/$running scratch=$run/drift.$$
  mkdir "$scratch" || return
  drift_of_nftables
  rm -rf "$scratch"
  printf '%s' "$drift"
}

drift_of_services() {
  for name in $configs; do
    unit=${name%.*}
    case $name in sysctl.conf | wg0.conf | nftables.nft | addresses | rules | lifetimes) continue ;; esac
    runs=$(systemctl is-active "chatops-$unit" 2>/dev/null)
    if [ -f "$folder/$name" ]; then
      [ "$runs" = active ] || tell "$unit" "chatops-$unit should run and is ${runs:-unknown}"
    else
      [ "$runs" != active ] || tell "$unit" "chatops-$unit runs and should not"
    fi
  done
  text=''
  [ ! -s "$folder/listeners" ] || text=$(sockets ours "$folder/listeners")
  [ -z "$text" ] || tell listeners "$text"
}

# Peers in a form that the file and the kernel share: what differs in it is drift, what was counted is not.
drift_of_wireguard() {
  : >"$scratch/wg.file" && : >"$scratch/wg.now"
  [ ! -f "$folder/wg0.conf" ] || awk -v mode=file -f "$lib/wireguard.awk" "$folder/wg0.conf" | sort >"$scratch/wg.file"
  if [ -d /sys/class/net/wg0 ]; then
    { wg show wg0 dump; ip -o addr show dev wg0 scope global; } 2>/dev/null | awk -f "$lib/wireguard.awk" | sort >"$scratch/wg.now"
  fi
  found wireguard "$scratch/wg.file" "$scratch/wg.now"
}

drift_of_sysctl() {
  [ -f "$folder/sysctl.conf" ] || return 0
  sed -n 's/^\(net[^ =]*\) *= */\1 = /p' "$folder/sysctl.conf" | tr '\t' ' ' >"$scratch/sysctl.file"
  # shellcheck disable=SC2046 # a list of words
  sysctl -e $(cut -d' ' -f1 "$scratch/sysctl.file") 2>/dev/null | tr '\t' ' ' >"$scratch/sysctl.now"
  found sysctl "$scratch/sysctl.file" "$scratch/sysctl.now"
}
