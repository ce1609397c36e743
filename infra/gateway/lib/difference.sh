# shellcheck shell=sh
# Only the difference travels, and only the difference is loaded. Part of chatops-gateway.
# shellcheck disable=SC2154 # its variables

# --- A bundle that leans on a revision that is here ------------------------------------------------------------------

# as_delivered FILE: wg0.conf without the key that was put in here.
as_delivered() { sed 's/^PrivateKey = .*/PrivateKey = KEPT-ON-THE-GATEWAY/' "$1"; }

# record FOLDER: what was delivered, as "sha256sum" prints it, in the file sums. wg0.conf counts without its key.
record() {
  (
    cd "$1" || exit 1
    set +f
    set -- [!.]*
    set -f
    names=''
    for name in "$@"; do
      case $name in revision | sums | wg0.conf) ;; *) names="$names $name" ;; esac
    done
    {
      # shellcheck disable=SC2086 # a list of words
      [ -z "$names" ] || sha256sum -- $names || exit 1
      [ ! -f wg0.conf ] || { sum=$(as_delivered wg0.conf | sha256sum) && printf '%s  wg0.conf\n' "${sum%% *}"; } || exit 1
    } >sums 2>/dev/null
  )
}

# looks FOLDER: what every write to a file of it would change, and every file more or less.
looks() { (cd "$1" && set +f && stat -c '%n %i %s %z' -- [!.]* 2>/dev/null); }

# edited FOLDER: the names of the files that are not, or no longer, what was delivered. What was looked at as it came need not
# be read again.
edited() {
  (
    cd "$1" && [ -f sums ] || exit 0
    [ ! -s .looks ] || [ "$(looks .)" != "$(cat .looks)" ] || exit 0
    grep -v '  wg0\.conf$' sums | sha256sum -c --quiet - 2>/dev/null | sed -n 's/: FAILED.*//p'
    delivered=' '
    while read -r sum name; do
      delivered="$delivered$name "
      [ "$name" = wg0.conf ] || continue
      was=$(as_delivered wg0.conf 2>/dev/null | sha256sum)
      [ "${was%% *}" = "$sum" ] || echo wg0.conf
    done <sums
    set +f
    for name in [!.]*; do
      case $name in revision | sums) ;; *) case $delivered in *" $name "*) ;; *) echo "$name" ;; esac ;; esac
    done
  )
}

# build FOLDER: makes the files that did not travel from those of the revision that the bundle leans on, and begins to look
# whether all of them are what was meant.
build() {
  folder=$1 summing=''
  if [ ! -f "$folder/base" ]; then
    case $members in *" sums "* | *.patch*) drop "$folder"; refuse receiving bundle "the bundle has a patch or sums but no base" ;; esac
    for name in exposures listeners; do
      [ -f "$folder/$name" ] || { drop "$folder"; refuse receiving bundle "the bundle has no file $name"; }
    done
    record "$folder" || { drop "$folder"; refuse storing storage "cannot store the bundle: is the disk full?"; }
    return
  fi
  base='' names=' ' jobs=''
  { read -r base <"$folder/base"; } 2>/dev/null
  is_number "$base" || { drop "$folder"; refuse receiving bundle "base should be the number of a revision"; }
  while read -r sum name more; do
    case $sum in *[!0-9a-f]*) sum='' ;; esac
    if [ ${#sum} != 64 ] || [ -n "$more" ] || ! is_ours "$name"; then
      drop "$folder"
      refuse receiving bundle "sums should be: SHA256, two spaces, NAME"
    fi
    names="$names$name "
  done 2>/dev/null <"$folder/sums"
  for name in exposures listeners; do
    case $names in *" $name "*) ;; *) drop "$folder"; refuse receiving bundle "sums does not have $name" ;; esac
  done
  for name in $members; do
    case $name in base | sums) continue ;; esac
    case $names in *" ${name%.patch} "*) ;; *) drop "$folder"; refuse receiving bundle "sums does not have $name" ;; esac
  done
  base=$state/revisions/$base
  [ -f "$base/revision" ] || { drop "$folder"; refuse patching base "${base##*/} is not here any more; deliver all files"; }
  for name in $names; do
    [ ! -f "$folder/$name" ] || continue
    if [ -f "$folder/$name.patch" ]; then
      patched "$name" 2>/dev/null 9>&- & jobs="$jobs $!"
    elif [ -f "$base/$name" ]; then
      original "$name" >"$folder/$name" 2>/dev/null || {
        drop "$folder"
        refuse storing storage "cannot store $name: is the disk full?"
      }
    fi
  done
  for job in $jobs; do wait "$job"; done
  set +f; rm -f "$folder/base" "$folder"/*.patch; set -f
  (cd "$folder" && exec sha256sum -c --status --strict sums 2>/dev/null) 9>&- & summing=$!
}

# built FOLDER: waits for the hashes. Until then nothing may be made of what is in the folder.
built() {
  [ -n "$summing" ] || return 0
  wait "$summing" && return
  drop "$1"
  refuse patching base "the files of revision ${base##*/} and this difference do not make what was meant; deliver all files"
}

original() { if [ "$1" = wg0.conf ]; then as_delivered "$base/$1"; else cat "$base/$1"; fi; }
patched() {
  case $1 in
    wg0.conf) original "$1" | awk -f "$lib/patch.awk" "$folder/$1.patch" - ;;
    *) awk -f "$lib/patch.awk" "$folder/$1.patch" "$base/$1" ;;
  esac >"$folder/$1"
}

# --- What differs ----------------------------------------------------------------------------------------------------

# differences OLD NEW: the configuration files that are not the same, in $changed; likewise the two lists, in $lists. A file
# of OLD that somebody has edited ($edits, a list of names) is not the same as anything.
differences() {
  changed='' lists=''
  [ -f "$1/sums" ] || record "$1"
  [ -f "$2/sums" ] || record "$2"
  # shellcheck disable=SC2046,SC2086 # lists of words
  set -- $(diff "$1/sums" "$2/sums" 2>/dev/null | sed -n 's/^[<>] [0-9a-f]*  //p') $edits
  for name in $configs exposures listeners; do
    case " $* " in *" $name "*) ;; *) continue ;; esac
    case $name in exposures | listeners) lists="$lists $name" ;; *) changed="$changed $name" ;; esac
  done
}

# find_elements OLD NEW: whether the two tables differ in elements alone; then $run/elements.nft is the way from one to the
# other. What counts and what is connected stays, and 10,000 other elements are not touched.
find_elements() {
  elements=''
  has nftables.nft && [ -f "$1/nftables.nft" ] && [ -f "$2/nftables.nft" ] || return 1
  case " $edits " in *" nftables.nft "*) return 1 ;; esac
  # Of 10,000 elements awk gets to see only those that differ.
  {
    grep -nv '^      ' "$1/nftables.nft"; echo new
    grep -nv '^      ' "$2/nftables.nft"; echo difference
    diff "$1/nftables.nft" "$2/nftables.nft"
  } 2>/dev/null | awk -f "$lib/elements.awk" >"$run/elements.nft" 2>/dev/null || return 1
  elements=1
}

# check_nft FILE: by the transaction that will be loaded, unless the table that runs does not take it.
check_nft() {
  if [ -n "$elements" ]; then
    nft -c -f "$run/elements.nft" >/dev/null 2>&1 && return 0
    : >"$run/elements.nft"
  fi
  nft -c -f "$1"
}
