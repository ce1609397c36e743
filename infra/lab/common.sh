# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared between the files that "lab" sources
# Words for people, names of things, the lock, and processes that can be ended without ever hitting somebody else's.

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
fail_usage() { say "$*"; say "'lab --help' lists the commands"; exit 2; }

labs=/run/chatops-lab

# A '.' parts the lab's name from the host's name in namespaces, so that lab "a" can never touch those of lab "a-b".
set_names() {
  [[ $1 =~ ^[a-z0-9][a-z0-9-]{0,19}$ ]] ||
    fail_usage "a lab's name is 1-20 of a-z, 0-9 and '-', not '$1'"
  lab=$1
  state=$labs/$lab
  lock=$labs/$lab.lock
  prefix=chatops-$lab.
}

need_root() { [ "$(id -u)" = 0 ] || die "this needs root; try again with sudo"; }
need_up() {
  [ -r "$state/lab.json" ] || die "lab '$lab' is not up (or not yours to read); start it with: lab --name $lab up"
}

# One command at a time changes a lab. 'down' removes the lock file, so whoever waited looks whether it still holds the
# file of that name, and tries again if not.
take_lock() {
  mkdir -p "$labs"
  while :; do
    exec 9>"$lock"
    if ! flock -n 9; then
      say "waiting for another 'lab' command on '$lab'"
      flock 9
    fi
    if [ /proc/self/fd/9 -ef "$lock" ]; then break; fi
    mkdir -p "$labs"
  done
  trap drop_lock EXIT
}
# Without a lab there is nothing left to lock, and nothing of it shall stay.
drop_lock() {
  if [ ! -e "$state" ]; then
    rm -f "$lock"
    rmdir "$labs" 2>/dev/null || true
  fi
}

# The start time of a live process, in $started. A pid alone is recycled; a pid with its start time is not.
start_time() {
  local line fields
  started=
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${line##*) }"
  [ "${fields[0]}" != Z ] || return 1
  started=${fields[19]}
}

# spawn NAME COMMAND...: a daemon of this lab. It writes down its own pid before it becomes COMMAND, so no moment exists
# at which it runs unrecorded. The lock must not be inherited, or it would be held for ever.
# It joins the control groups of the lab, or those that $group names: the kernel's own list of what is ours.
spawn() {
  local record=$state/run/$1 log=$state/log/$1.log folder child
  shift
  control_groups "${group:-$lab}"
  rm -f "$record"
  (
    exec </dev/null >>"$log" 2>&1 6>&- 8>&- 9>&-
    cd /
    for folder in "${cgroups[@]}"; do
      mkdir -p "$folder"
      echo "$BASHPID" >"$folder/cgroup.procs"
    done
    start_time "$BASHPID"
    echo "$BASHPID $started" >"$record.new"
    mv "$record.new" "$record"
    exec setsid "$@"
  ) &
  child=$!
  until [ -s "$record" ]; do
    kill -0 $child 2>/dev/null || die "'$1' ended at once: $(tail -n 3 "$log")"
    nap 0.002
  done
}

# The pid of a recorded process that still is that very process, in $pid.
pid_of() {
  local began
  pid=
  { read -r pid began <"$state/run/$1"; } 2>/dev/null && start_time "$pid" && [ "$started" = "$began" ]
}

end_recorded() {
  if pid_of "$1"; then
    kill -9 "$pid" 2>/dev/null || true
    wait_gone "$pid" "$started"
  fi
  rm -f "$state/run/$1"
}

# The folders of a control group, in $cgroups. An older machine has more than one hierarchy that systemd looks at.
control_groups() {
  local base
  cgroups=()
  for base in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -e "$base/cgroup.procs" ] || cgroups+=("$base/chatops-lab.$1")
  done
}

end_control_groups() {
  local folder tries
  control_groups "$1"
  for folder in "${cgroups[@]}"; do
    for ((tries = 0; tries < 400; tries++)); do
      [ -d "$folder" ] || continue 2
      # 0 is a process that cannot be seen from here; to 'kill' it would mean everything of this terminal.
      # shellcheck disable=SC2046 # a list of numbers
      kill -9 $(find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null | grep -vx 0) 2>/dev/null || true
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ ! -d "$folder" ] || nap 0.005
    done
  done
}

wait_gone() {
  local tries
  for ((tries = 0; tries < 1000; tries++)); do
    if ! start_time "$1" || [ "$started" != "$2" ]; then return 0; fi
    nap 0.005
  done
  die "process $1 does not end after SIGKILL; look at /proc/$1/stack"
}

# nap SECONDS: a pause that starts no program. Nothing ever comes out of that pipe.
nap() {
  [ -n "${napped-}" ] || exec 6<> <(:)
  napped=yes
  read -r -t "$1" -u 6 || true
}

# Milliseconds since some fixed moment, in $now.
clock() { now=$((${EPOCHREALTIME/[.,]/} / 1000)); }
