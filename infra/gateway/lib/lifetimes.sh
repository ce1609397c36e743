# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # variables are shared with chatops-gateway, which sources this
# What is open for a time closes here, whether or not anybody is there to ask for it. A revision's file `lifetimes` says until when; its
# configuration stays as it is. What has ended is kept from clients in two places: ports are in the firewall's set `ended`, which stands
# before DNAT and before the proxies; a web address, which shares its ports, has a file in $run/ended that its location in nginx.conf
# includes. Both are gone after a reboot and are made anew, from the clock and from $state/ended, before anything of ours answers.

# judge FOLDER: what of it has ended by now, in $run/lapse.judged; the ports of it in $shut, as nft wants them.
judge() {
  shut='' next=''
  : >"$run/lapse.judged"
  [ -f "$1/lifetimes" ] || return 0
  opened='' over=$state/ended
  { read -r opened <"$1/.confirmed"; } 2>/dev/null
  if ! is_number "$opened"; then
    # Rather too early than never.
    if [ "${1##*/}" = "$confirmed" ]; then opened=$(stat -c %Y "$1/lifetimes"); else opened=0; fi
  fi
  [ -f "$over" ] || over=/dev/null
  awk -v now="$(date +%s)" -v opened="$opened" -f "$lib/lifetimes.awk" "$over" "$1/lifetimes" >"$run/lapse.judged"
  while read -r what kind name _; do
    case $what/$kind in
      next/*) next=$kind ;;
      shut/web) ;;
      shut/*) shut="$shut${shut:+, }$kind . $name" ;;
    esac
  done <"$run/lapse.judged"
}

# shut_web FOLDER: the files that nginx.conf includes. nginx reads them when it reads its own.
shut_web() {
  [ -d "$run/ended" ] || grep -q '^shut web' "$run/lapse.judged" || return 0
  [ -d "$run/ended" ] || mkdir -m 0755 "$run/ended" || trouble lifetimes "cannot make $run/ended" || return 1
  moved=''
  set +f
  for file in "$run"/ended/*.conf; do
    name=${file##*/}
    [ ! -f "$file" ] || grep -qxF "shut web ${name%.conf}" "$run/lapse.judged" || { rm -f "$file"; moved=1; }
  done
  set -f
  while read -r what kind name; do
    case $what/$kind in
      shut/web)
        [ ! -f "$run/ended/$name.conf" ] || continue
        { echo 'return 404;' >"$run/ended/$name.conf"; } 2>/dev/null || trouble lifetimes "cannot write to $run/ended" || return 1
        moved=1 ;;
    esac
  done <"$run/lapse.judged"
  [ -z "$moved" ] || [ ! -f "$1/nginx.conf" ] || has nginx.conf || changed="$changed nginx.conf"
}

# ended_elements: the transaction that makes the set what judge has found.
ended_elements() {
  echo 'flush set inet chatops ended'
  [ -z "$shut" ] || echo "add element inet chatops ended { $shut }"
}

# load_ended: for a table that has not been loaded as a whole just now.
load_ended() {
  was=''
  { read -r was <"$run/ended.loaded"; } 2>/dev/null
  [ "$was" != "$shut" ] || return 0
  text=$(ended_elements | nft -f - 2>&1) || trouble lifetimes "$text" || return 1
  echo "$shut" >"$run/ended.loaded"
}

# wake_up: a timer for the next end, on the wall clock: systemd looks at it anew when the clock is set. A moment that has passed never
# comes for it, so at the earliest in a second. One that is late or not needed any more finds nothing to do.
wake_up() {
  [ -n "$next" ] || return 0
  soon=$(($(date +%s) + 1))
  [ "$next" -ge "$soon" ] || next=$soon
  unit=chatops-lapse-$next
  ! systemctl is-active -q "$unit.timer" </dev/null 9>&- || return 0
  text=$(systemd-run -q --collect --on-calendar="@$next" --timer-property=AccuracySec=100ms --unit="$unit" \
    --description="ChatOps: close what is open until now" \
    --service-type=oneshot --property=Restart=on-failure --property=RestartSec=5 \
    /usr/local/sbin/chatops-gateway lapse </dev/null 2>&1 9>&-) || systemctl is-active -q "$unit.timer" </dev/null 9>&- ||
    trouble lifetimes "cannot arm the timer that closes what is open for a time: $text"
}

# lapse: the time of something has come. Its service starts it again when it does not end well, so what has ended counts as such only
# after its connections are cut.
lapse() {
  lock 120
  look
  keep_going=1 changed='' lists=''
  folder=$state/revisions/$running
  old=$folder new=$folder
  judge "$folder"
  fresh=$(sed -n 's/^fresh //p' "$run/lapse.judged")
  shut_web "$folder"
  load_nginx
  load_ended
  if [ -n "$fresh" ]; then
    cut_ended
    put "$state/ended" "$(sed -n -e 's/^fresh //p' -e 's/^past //p' "$run/lapse.judged")" || trouble lifetimes "cannot write $state/ended: is the disk full?"
    sync -- "$state/ended" "$state" 2>/dev/null
    judge "$folder"
  fi
  wake_up
  if [ -n "$error" ]; then refuse closing '' "$error" "$file"; fi
  if [ -n "$fresh" ]; then say "closed, because its time is up: $(printf '%s' "$fresh" | tr '\n' ';')"; else say "nothing has ended"; fi
  answer "{\"ok\":true,\"running\":$running}"
  leave 0
}

# cut_ended: ends the flows of what has just ended, as if a revision without it had come.
cut_ended() {
  rm -rf "$run/lapse"
  mkdir "$run/lapse" && cp "$folder/listeners" "$run/lapse/listeners" || trouble lifetimes "cannot write to $run" || return 1
  awk '
    FNR == NR && $1 == "shut" && $2 != "web" { port[$2, $3] = 1 }
    FNR == NR && ($1 == "fresh" || $1 == "past") && $2 == "web" && NF == 6 { target[$5, $6] = 1 }
    FNR == NR { next }
    ($1, $2) in port || $1 == "tcp" && ($2 == 80 || $2 == 443) && ($5, $6) in target { next }
    { print }' "$run/lapse.judged" "$folder/exposures" >"$run/lapse/exposures"
  lists=exposures
  plan "$folder" "$run/lapse"
  cut_flows
}

# forget_ended FOLDER: a revision that stays says by what it has which ends are still of interest.
forget_ended() {
  [ -s "$state/ended" ] || return 0
  judge "$1"
  put "$state/ended" "$(sed -n 's/^past //p' "$run/lapse.judged")" || say "cannot write $state/ended"
}

# What is kept from clients, and what should be.
drift_of_lifetimes() {
  was=''
  { read -r was <"$run/ended.loaded"; } 2>/dev/null
  printf '%s\n' "$was" | sed -e 's/, /\n/g' -e '/^$/d' | sort >"$scratch/ended.file"
  # -n, or nft looks up the names of protocols.
  nft -n list set inet chatops ended 2>/dev/null | awk '/elements = / || inside {
    inside = !/\}/; gsub(/^.*\{|\}.*$|[\t]/, ""); n = split($0, element, ",")
    for (i = 1; i <= n; i++) if (split(element[i], f, " ") == 3) print (f[1] == 6 ? "tcp" : "udp"), ".", f[3] }' |
    sort >"$scratch/ended.now"
  found lifetimes "$scratch/ended.file" "$scratch/ended.now"
}
