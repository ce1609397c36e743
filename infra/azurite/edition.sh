# shellcheck shell=bash
# The Azurite edition: Azurite, what changes gateways, and the bot, each a process of its own. Sourced by ./run.

# Builds the bot, and the function app where there is a host for it, else the worker, when a source is newer than they are.
build_azurite_edition() {
  local stamp=.run/azurite-edition/.built-$1
  if [ -f "$stamp" ] && [ -z "$(find src bot functions templates host.json Directory.*.props global.json -newer "$stamp" -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]; then
    return 0
  fi
  publish src/ChatOps.CloudBot .run/azurite-edition/bot
  if [ "$1" = functions ]; then publish functions .run/azurite-edition/functions; else publish src/ChatOps.Worker .run/azurite-edition/worker; fi
  touch "$stamp"
}

# Starts a process that Ctrl-C at the terminal does not reach, and that ends with this script, whatever ends it.
children=()
begin() {
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM "$@" </dev/null >>"$log" 2>&1 8>&- &
  children+=($!)
}

# The last one that was started first.
end_children() {
  trap '' INT TERM HUP
  local i
  for ((i = ${#children[@]} - 1; i >= 0; i--)); do
    kill -TERM "${children[i]}" 2>/dev/null || continue
    wait "${children[i]}" 2>/dev/null || true
  done
}

free_port() {
  # shellcheck disable=SC2016
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# until_it_answers WHAT URL LOG: any answer will do; the last child must live.
until_it_answers() {
  local child=${children[-1]}
  for _ in $(seq 600); do
    ! curl -s -o /dev/null --noproxy '*' "$2" || return 0
    kill -0 "$child" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$3" >&2
  say "$1 does not answer. Next: read $3"
  exit 1
}

# azurite_edition FRESH(yes|no) DATA GATEWAYS(lab|folder) PATH [BOT OPTIONS...]
azurite_edition() {
  local fresh=$1 data=$2 way=$3 path=$4 key blob queue functions by=worker
  shift 4
  need_azurite
  ! command -v func >/dev/null || by=functions
  build_azurite_edition $by
  if [ "$fresh" = yes ] && [ -d "$data" ]; then mv "$data" "$data.$(date -u +%Y%m%d-%H%M%S)"; fi
  mkdir -p "$data"
  chmod 700 "$data"
  data=$(cd "$data" && pwd)
  exec 8>"$data/lock"
  flock -n 8 || { say "another ./run --azurite works in $data. Next: end it, or --data FOLDER"; exit 2; }
  trap end_children EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP

  # A key of this machine's own for as long as the data lives; no key that the whole world knows.
  [ -s "$data/key" ] || (umask 077 && head -c 32 /dev/urandom | base64 -w0 >"$data/key")
  key=$(<"$data/key")
  blob=$(free_port) queue=$(free_port) functions=${CHATOPS_FUNCTIONS_PORT:-$(free_port)}
  mkdir -p "$data/store"
  AZURITE_ACCOUNTS="chatops:$key" begin "$data/azurite.log" node .run/azurite/node_modules/azurite/dist/src/azurite.js --silent --disableTelemetry \
    --location "$data/store" --blobPort "$blob" --queuePort "$queue" --tablePort 0
  until_it_answers Azurite "http://127.0.0.1:$blob/" "$data/azurite.log"

  export CHATOPS__Storage="DefaultEndpointsProtocol=http;AccountName=chatops;AccountKey=$key;BlobEndpoint=http://127.0.0.1:$blob/chatops;QueueEndpoint=http://127.0.0.1:$queue/chatops"
  export CHATOPS__Data=$data CHATOPS__Checkpoints__File=${CHATOPS__Checkpoints__File:-$data/log.checkpoints}
  if [ "$way" = lab ]; then export CHATOPS__Gateways__Lab=$path; else export CHATOPS__Gateways__Folder=$path; fi
  key=$(head -c 24 /dev/urandom | base64 -w0 | tr '+/' '-_')
  if [ $by = functions ]; then
    say "functions: func start ($(command -v func))"
    AzureWebJobsStorage=$CHATOPS__Storage FUNCTIONS_WORKER_RUNTIME=dotnet-isolated begin "$data/functions.log" env -C .run/azurite-edition/functions func start --port "$functions"
  else
    say 'functions: chatops-worker, because there is no func on the PATH'
    CHATOPS__Worker__Listen="http://127.0.0.1:$functions" CHATOPS__Worker__Key=$key begin "$data/functions.log" dotnet .run/azurite-edition/worker/chatops-worker.dll
  fi
  until_it_answers 'what changes gateways' "http://127.0.0.1:$functions/" "$data/functions.log"

  # Beside this script, which could not hear of SIGTERM while it waits for something in front. The terminal tells the bot itself of Ctrl-C.
  local bot code
  CHATOPS__Functions__Url="http://127.0.0.1:$functions" CHATOPS__Functions__Key=$key \
    env --default-signal=INT setpriv --pdeathsig TERM dotnet .run/azurite-edition/bot/chatops-bot.dll "$@" <&0 8>&- &
  bot=$!
  trap : INT
  trap 'kill -TERM "$bot" 2>/dev/null || true' TERM HUP
  while true; do
    code=0
    wait "$bot" || code=$?
    kill -0 "$bot" 2>/dev/null || break
  done
  return $code
}
