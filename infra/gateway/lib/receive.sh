# shellcheck shell=sh
# From a bundle on standard input to a folder that everybody who will read it has looked at. Nothing of what runs is
# touched. Part of chatops-gateway.
# shellcheck disable=SC2034,SC2154 # variables are shared with it

# Before the lock: a sender who stalls is in nobody's way.
receive() {
  spool=$run/bundle.$$
  trap 'rm -f "$spool"; exit 1' HUP TERM INT
  head -c $((limit + 1048576)) >"$spool" || refuse receiving storage "cannot store the bundle in $run"
}

# Other people's spools whose script was killed.
sweep() {
  set +f
  for name in "$run"/bundle.*; do
    [ ! -e "$name" ] || [ -d "/proc/${name##*.}" ] || rm -f "$name"
  done
  set -f
}

# unpack FOLDER: the bundle's files, after everything about the archive has been looked at.
unpack() {
  folder=$1
  listing=$(tar --numeric-owner -tvf "$spool" 2>&1) || 
    refuse receiving bundle "not a whole tar archive: $(printf '%s\n' "$listing" | sed -n 's/^tar: //p')"
  # Two empty blocks end an archive. Without them the connection broke between two files and some are missing.
  [ -z "$(tail -c 1024 "$spool" 2>/dev/null)" ] || refuse receiving bundle "the bundle is cut off"
  members=' ' size=0
  # shellcheck disable=SC2086 # fields: mode owner size date time name
  set -- $listing
  while [ $# -gt 0 ]; do
    [ $# -ge 6 ] || refuse receiving bundle "the bundle has a file of an unknown name"
    case $1 in -*) ;; *) refuse receiving bundle "the bundle has something that is not a file: $6" ;; esac
    is_ours "${6%.patch}" || case $6 in
      base | sums) ;;
      *) refuse receiving bundle "the bundle has a file of an unknown name: $6" ;;
    esac
    case $members in *" $6 "*) refuse receiving bundle "the bundle has $6 twice" ;; esac
    is_number "$3" || refuse receiving bundle "the bundle has something that is not a file: $6"
    members="$members$6 " size=$((size + $3))
    shift 6
  done
  [ "$size" -le "$limit" ] || refuse receiving bundle "the bundle is larger than $limit bytes"
  [ ! -e "$folder" ] || rm -rf "$folder"
  mkdir "$folder" || refuse storing storage "cannot make $folder: is the disk full?"
  # shellcheck disable=SC2086 # a list of words
  if ! error=$(tar -xf "$spool" -C "$folder" --no-same-owner --no-same-permissions -- $members 2>&1) ||
    ! { printf '%s\n' "$rev" >"$folder/revision"; } 2>/dev/null; then
    drop "$folder"
    refuse storing storage "cannot store the bundle: ${error:-is the disk full?}"
  fi
  rm -f "$spool" 9>&- &
  spool=
}

# inspect FOLDER: what no other tool would object to; and the private key goes in. What was looked at with the revision that
# runs is not looked at again, nor is a table of which find_elements has seen all that is new.
inspect() {
  keyed='' folder=$1
  if [ -f "$folder/wg0.conf" ]; then
    keyed=$folder/wg0.conf.keyed
    [ -s "$key" ] || { make_key && changed="$changed wg0.conf"; } ||
      { drop "$folder"; refuse validating storage "cannot make $key" wg0.conf; }
  fi
  set --
  for name in $configs exposures listeners; do
    case $name in
      wg0.conf) ;;
      exposures)
        # Of 10,000 lines only those that came.
        case " $lists " in *" exposures "*) ;; *) continue ;; esac
        [ -d "$run/came" ] || mkdir "$run/came"
        sed -n 's/^> //p' "$run/plan.diff" >"$run/came/$name"
        set -- "$@" "$run/came/$name"
        continue ;;
      nftables.nft) if [ -n "$elements" ] || ! has "$name"; then continue; fi ;;
      *) case " $changed $lists " in *" $name "*) ;; *) continue ;; esac ;;
    esac
    [ ! -f "$folder/$name" ] || set -- "$@" "$folder/$name"
  done
  if [ $# -gt 0 ] && ! error=$(awk -v keyfile="$key" -v keyed="$keyed" -f "$lib/check.awk" "$@" 2>&1); then
    drop "$folder"
    case $error in
      *.*"|"* | addresses"|"* | rules"|"* | lifetimes"|"* | exposures"|"* | listeners"|"*) refuse validating '' "${error#*|}" "${error%%|*}" ;;
      *) refuse validating '' "$error" ;;
    esac
  fi
  [ -z "$keyed" ] || mv -T "$keyed" "$folder/wg0.conf" ||
    { drop "$folder"; refuse storing storage "cannot store wg0.conf: is the disk full?"; }
  looks "$folder" >"$folder/.looks" 9>&- &
}

make_key() {
  wg genkey >"$key.new" && [ -s "$key.new" ] && mv -T "$key.new" "$key" && wg pubkey <"$key" >"$state/wireguard.pub"
}

# drop FOLDER: a revision that does not come; nor does its timer.
drop() {
  rm -rf "$1"
  [ -z "${arming-}" ] || { wait "$arming"; disarm; arming=''; }
}

# validate FOLDER: every tool checks the files that differ, side by side, while the timer is armed. Nothing of what runs
# is touched.
validate() {
  folder=$1 jobs=''
  for name in $changed; do
    [ -f "$folder/$name" ] || continue
    case $name in
      nftables.nft) check_nft "$folder/$name" >"$run/check.$name" 2>&1 9>&- & ;;
      haproxy.cfg) haproxy -c -f "$folder/$name" >"$run/check.$name" 2>&1 9>&- & ;;
      wg0.conf) wg-quick strip "$folder/$name" >/dev/null 2>"$run/check.$name" 9>&- & ;;
      sysctl.conf | addresses | rules | lifetimes | nginx.conf) continue ;;
      *) check_daemon "$folder" "$name" >"$run/check.$name" 2>&1 9>&- & ;;
    esac
    jobs="$jobs $name=$!"
  done
  # Before nginx -t, which binds new ports for a moment and would look like a stranger who holds them.
  held=''
  [ ! -s "$run/plan.new" ] || held=$(sockets held "$run/plan.new")
  case " $changed " in *" nginx.conf "*)
    if [ -f "$folder/nginx.conf" ]; then
      check_nginx "$folder/nginx.conf" >"$run/check.nginx.conf" 2>&1 9>&- &
      jobs="$jobs nginx.conf=$!"
    fi ;;
  esac
  failed=''
  for name in $jobs; do
    wait "${name#*=}" || failed=${failed:-${name%%=*}}
  done
  wait "$arming"; armed=$?
  if [ -n "$failed$held" ]; then
    error=''
    [ -z "$failed" ] || error=$(head -c 2000 "$run/check.$failed")
    drop "$folder"
    [ -z "$failed" ] || refuse validating '' "${error:-the tool refuses it without a word}" "$failed"
    refuse validating port-held "$held"
  fi
  [ "$armed" = 0 ] || { drop "$folder"; refuse arming broken "cannot arm the revert timer; nothing was changed"; }
}
