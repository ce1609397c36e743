# shellcheck shell=bash
# shellcheck disable=SC2154 # variables are shared between the files that "lab" sources
# Real services in the VMs, started on demand and ended with the lab. Each says how to use it in one JSON object, which is
# also kept as about.json in its folder; secrets are files there that only root may read.

services() { echo "sshd postgres dns sip"; }
is_service() { [[ " $(services) " == *" $1 "* ]]; }

serve() {
  local vm=$1 service=$2 folder=$state/serve/$1/$2
  if pid_of "$vm.$service" && [ -e "$folder/about.json" ]; then cat "$folder/about.json"; return; fi
  end_recorded "$vm.$service"
  [ -z "$(inside "$vm" ss -Htuln "sport = :$(port_of "$service")")" ] || die "somebody in $vm listens on the port of $service already"
  rm -rf --one-file-system "$folder"
  mkdir -p "$folder"
  "serve_$service" "$vm" "$folder" "$vm.$service"
  mv "$folder/about.new" "$folder/about.json"
  cat "$folder/about.json"
}

port_of() { case $1 in sshd) echo 22 ;; postgres) echo 5432 ;; dns) echo 53 ;; sip) echo 5060 ;; esac; }

# The address at which gateways reach a VM.
address_of() { if has_tunnel "$1"; then echo 10.1.0.2; else addresses "$1"; fi; }

# housed FOLDER COMMAND...: with the folder at /mnt and a /run of its own. Programs that drop root cannot pass through the
# state folder, which is root's alone, and what they leave in /run or in shared memory goes with them. As a slave of the
# machine's mount table it does not hold the gateways' disks when they are unmounted.
housed() {
  # shellcheck disable=SC2016 # the inner shell expands it
  set -- unshare --mount --ipc --propagation slave sh -ec '
    mount --bind "$1" /mnt
    mount -t tmpfs -o mode=0755 none /run
    shift
    exec "$@"' sh "$@"
  command=("$@")
}

# OpenSSH for files only: a login that sees nothing but the folder "files", and no shell.
serve_sshd() {
  local vm=$1 folder=$2 name=$3 command
  need_tool sftp
  need_daemon /usr/sbin/sshd openssh-server ssh.service ssh.socket
  mkdir -p "$folder/files/upload"
  chown 60022:60022 "$folder/files/upload"
  ssh-keygen -q -t ed25519 -N '' -C "$vm" -f "$folder/host_key"
  ssh-keygen -q -t ed25519 -N '' -C "chatops lab $lab" -f "$folder/identity"
  cp "$folder/identity.pub" "$folder/authorized_keys"
  getent passwd root sshd >"$folder/passwd"
  echo 'lab:*:60022:60022::/:/usr/sbin/nologin' >>"$folder/passwd"
  cat >"$folder/sshd_config" <<'TEXT'
Port 22
HostKey /mnt/host_key
AuthorizedKeysFile /mnt/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers lab
UsePAM no
UseDNS no
PidFile none
Subsystem sftp internal-sftp
ChrootDirectory /mnt/files
ForceCommand internal-sftp -d /upload
AllowTcpForwarding no
TEXT
  # shellcheck disable=SC2016 # the inner shell expands it
  housed "$folder" sh -ec 'mkdir -m 0755 /run/sshd; mount --bind /mnt/passwd /etc/passwd; exec /usr/sbin/sshd -D -e -f /mnt/sshd_config'
  inside_spawn "$name" "$vm" "${command[@]}"
  wait_for_socket "$name" "$vm" tcp 22
  printf '{"service":"sshd","address":"%s","port":22,"user":"lab","identity":"%s","hostKey":"%s","files":"%s"}\n' \
    "$(address_of "$vm")" "$folder/identity" "$(cut -d' ' -f1,2 "$folder/host_key.pub")" "$folder/files/upload" >"$folder/about.new"
}

# One user, app, with a database of the same name. The password is in "password", and with the user in "pgpass" for
# libpq (PGPASSFILE).
serve_postgres() {
  local vm=$1 folder=$2 name=$3 command
  need_tool psql
  need_daemon '/usr/lib/postgresql/*/bin/postgres' postgresql postgresql.service
  (
    umask 077
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/password"
    printf '*:*:*:app:%s\n' "$(cat "$folder/password")" >"$folder/pgpass"
  )
  install -d -o postgres -g postgres -m 0700 "$folder/data"
  install -o postgres -g postgres -m 0600 "$folder/password" "$folder/data.password"
  # As bin folder the newest of the machine. No TCP but in the namespace, and no memory or socket that outlives it.
  # shellcheck disable=SC2016 # the inner shell expands it
  housed "$folder" setpriv --reuid postgres --regid postgres --clear-groups sh -ec '
    PATH=$(ls -dv /usr/lib/postgresql/*/bin | tail -n 1):$PATH
    export LC_ALL=C.UTF-8 PGDATA=/mnt/data
    cd /mnt
    initdb -U app --pwfile=/mnt/data.password --auth=scram-sha-256 --no-sync >/dev/null
    printf "host all all %s scram-sha-256\n" 0.0.0.0/0 ::/0 >data/pg_hba.conf
    printf "%s\n" "listen_addresses = '\''*'\''" "unix_socket_directories = '\'\''" "fsync = off" \
      "dynamic_shared_memory_type = mmap" >>data/postgresql.conf
    echo "create database app" | postgres --single -D data postgres >/dev/null
    exec postgres -D data'
  inside_spawn "$name" "$vm" "${command[@]}"
  wait_for_socket "$name" "$vm" tcp 5432
  until inside "$vm" env PGPASSFILE="$folder/pgpass" psql -h 127.0.0.1 -U app -c 'select 1' >/dev/null 2>"$folder/refusal"; do
    pid_of "$name" || die "PostgreSQL of $vm has ended: $(tail -n 5 "$state/log/$name.log")"
    grep -q 'starting up' "$folder/refusal" || die "PostgreSQL of $vm refuses its user: $(cat "$folder/refusal")"
    nap 0.05
  done
  rm -f "$folder/data.password" "$folder/refusal"
  printf '{"service":"postgres","address":"%s","port":5432,"user":"app","database":"app","password":"%s","pgpass":"%s"}\n' \
    "$(address_of "$vm")" "$folder/password" "$folder/pgpass" >"$folder/about.new"
}

# "asked" gets a line for each question, so that a cache in front of it can be seen to work.
serve_dns() {
  local vm=$1 folder=$2 name=$3
  need_tool dig
  : >"$folder/asked"
  inside_spawn "$name" "$vm" /usr/bin/python3 -B "$lab_dir/dns-server.py" "$folder/asked"
  wait_for_socket "$name" "$vm" tcp 53
  wait_for_socket "$name" "$vm" udp 53
  printf '{"service":"dns","address":"%s","port":53,"name":"www.internal.example.com","record":"10.1.0.2","asked":"%s"}\n' \
    "$(address_of "$vm")" "$folder/asked" >"$folder/about.new"
}

# Answers calls. Its own screen goes nowhere; it would fill the log.
serve_sip() {
  local vm=$1 folder=$2 name=$3 address
  need_tool sipp
  address=$(address_of "$vm")
  # shellcheck disable=SC2016 # the inner shell expands it
  inside_spawn "$name" "$vm" sh -c 'cd "$1" && exec sipp -sn uas -i "$2" -p 5060 -t u1 -nostdin >/dev/null' sh "$folder" "$address"
  wait_for_socket "$name" "$vm" udp 5060
  printf '{"service":"sip","address":"%s","port":5060}\n' "$address" >"$folder/about.new"
}
