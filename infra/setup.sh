# shellcheck shell=bash
# What ./run, ./test and ./bench need before they can begin. Sourced from the top of the checkout.

# shellcheck source=packages.sh
. infra/packages.sh

# Checkers and daemons live where ordinary users do not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

# Runs a command quietly; shows its output only when it fails.
quietly() {
  local what=$1 log status=0
  shift
  log=$(mktemp)
  say "$what ..."
  "$@" >"$log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    tail -n 40 "$log" >&2
    say "$what: failed with $status"
  fi
  rm -f "$log"
  return $status
}

# compiled COMMAND...: a build with one compiler process for all its projects, which takes half the time. That is what the SDK does by itself; where the
# environment has switched it off, because nothing is to stay behind, the process ends with the build.
compiled() {
  local status=0
  [ "${UseSharedCompilation-}" = false ] || { "$@"; return; }
  UseSharedCompilation=true "$@" || status=$?
  dotnet build-server shutdown --vbcscompiler || true
  return $status
}

# Debian packages by name, when one of them is missing.
need_packages() {
  local missing
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "missing packages: $missing. Next: sudo apt-get install $missing"
    return 1
  fi
  # shellcheck disable=SC2086 # a list of words
  quietly "installing $missing" apt_install $missing
}

# OpenSSH's sshd, for tests that start their own on loopback.
need_sshd() {
  [ ! -x /usr/sbin/sshd ] || return 0
  need_packages openssh-server || return
  # Nor at the next boot.
  systemctl disable ssh.service >/dev/null 2>&1 || true
}

# need_modules WHAT FROM FOLDER: what the lock file in a folder of ours names, installed by npm into a folder of .run, unless it lies there whole.
need_modules() {
  local what=$1 from=$2 folder=$3
  { command -v node && command -v npm; } >/dev/null || need_packages nodejs npm || return
  if cmp -s "$from/package-lock.json" "$folder/package-lock.json" && [ -f "$folder/.whole" ]; then return 0; fi
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$folder"
  quietly "installing $what" npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts || { rm -rf "$folder"; return 1; }
  touch "$folder/.whole"
}

# The parser of Terraform's language that the specs ask, in .run/hcl.
need_hcl() { need_modules 'the parser of Terraform files' infra/threefold/check .run/hcl; }

# Azure Storage on this machine, in .run/azurite.
need_azurite() { need_modules 'Azurite (a minute or two)' infra/azurite .run/azurite; }

# An OpenID Connect provider for the tests of signing in, in .run/oidc.
need_oidc() { need_modules 'an OpenID Connect provider' infra/oidc .run/oidc; }

# Chromium, in which the tests look at the page, and axe-core in .run/axe, which looks for what stands in somebody's way there. Without a window it takes a
# third of the work; distributions that do not package it so have the whole.
need_chromium() {
  [ -x /usr/bin/chromium-headless-shell ] || need_packages chromium-headless-shell || [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ] \
    || [ -x /usr/bin/google-chrome ] || need_packages chromium || return
  need_modules axe-core tests/ChatOps.Browser/axe .run/axe
}

# The Bicep CLI that the specs ask, in .run/bicep: a NuGet package, which comes like all others.
need_bicep() {
  local from=infra/azure/check/bicep.proj folder=.run/bicep
  if cmp -s $from $folder/bicep.proj && [ -x $folder/bicep ]; then return 0; fi
  rm -rf $folder
  mkdir -p $folder
  quietly 'fetching the Bicep CLI' dotnet restore $from --packages $folder/packages -p:BaseIntermediateOutputPath="$PWD/$folder/obj/" || { rm -rf $folder; return 1; }
  ln -s "$(cd $folder && echo packages/azure.bicep.commandline.linux-x64/*/tools/bicep)" $folder/bicep
  cp $from $folder
}

# The compiler wants ICU for messages in other languages, which a small machine lacks.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# The .NET 10 SDK, from the distribution where it has one; and what no SDK brings along: certificates to fetch packages with, and names of time zones.
need_dotnet() {
  local where=https://learn.microsoft.com/dotnet/core/install/linux
  if command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep '^1[0-9]\.' >/dev/null; then
    :
  elif command -v apt-get >/dev/null && sdk_is_packaged; then
    need_packages dotnet-sdk-10.0 || exit 2
  else
    say "the .NET 10 SDK is missing, and $(distribution) has no package dotnet-sdk-10.0. Next: install it as $where says, then run this again"
    exit 2
  fi
  if command -v apt-get >/dev/null && ! { [ -s /etc/ssl/certs/ca-certificates.crt ] && [ -e /usr/share/zoneinfo/Europe/Berlin ]; }; then
    need_packages ca-certificates tzdata || exit 2
  fi
}

# A machine that was made from an image knows no package before its first "apt-get update".
sdk_is_packaged() {
  ! apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1 || return 0
  [ "$(id -u)" -eq 0 ] && quietly 'asking which packages there are' apt-get -q update && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1
}

# shellcheck disable=SC1091 # not ours to check
distribution() { (. /etc/os-release && echo "$PRETTY_NAME") 2>/dev/null || echo 'this distribution'; }

# A restore may find the package feed busy: once more, with an empty cache of its answers. Arguments are those of "dotnet restore".
restore() {
  quietly 'restoring packages' dotnet restore "$@" && return 0
  dotnet nuget locals http-cache --clear >/dev/null
  quietly 'restoring packages once more' dotnet restore "$@"
}

# publish PROJECT FOLDER [PROPERTY...]: compiled beforehand where the compiler can be had, which makes it start and work at full speed from the first
# line on. What is published is restored with the same properties: the compiler is a package, which only a restore that knows of it fetches.
publish() {
  local project=$1 folder=$2 how=()
  shift 2
  [ "$(uname -m)" != x86_64 ] || how=(-r linux-x64 -p:PublishReadyToRun=true)
  if ! restore "$project" ${how[@]+"${how[@]}"} "$@"; then
    [ ${#how[@]} -gt 0 ] || return 1
    # A distribution's own SDK (Ubuntu's) may be of a version whose packages for linux-x64 the feed does not have: for its own machine it needs none. The
    # lock files name linux-x64, and stay as they are.
    how=(-p:RuntimeIdentifiers= -p:NuGetLockFilePath=obj/packages.lock.json -p:RestoreLockedMode=false)
    restore "$project" "${how[@]}" "$@" || return
    say "the compiler package is not to be had: $(basename "$project") is compiled while it runs, and starts slower"
  fi
  quietly "building $(basename "$project") (about a minute the first time)" \
    compiled dotnet publish "$project" --no-restore -c Release ${how[@]+"${how[@]}"} "$@" --no-self-contained -o "$folder" || return
  infra/version >"$folder/version.txt"
}

# restore_whole PROJECT: what publish_whole needs, .NET itself among it, with the same properties, which stay in $whole. Fails with one line in $why.
restore_whole() {
  local project=$1 ready log
  log=$(mktemp)
  say 'restoring packages, and .NET for the package ...'
  for ready in true true false; do
    whole=(-r linux-x64 -p:SelfContained=true "-p:PublishReadyToRun=$ready")
    if dotnet restore "$project" "${whole[@]}" >"$log" 2>&1; then
      rm -f "$log"
      [ $ready = true ] || say "the compiler package is not to be had: $(basename "$project") is compiled while it runs, and starts slower"
      return 0
    fi
    # The feed may be busy.
    dotnet nuget locals http-cache --clear >/dev/null
  done
  # shellcheck disable=SC2034 # infra/package/build says it
  why=$(grep -om1 'error .*' "$log" || tail -n 1 "$log")
  rm -f "$log"
  return 1
}

# publish_whole PROJECT FOLDER: with .NET in it, for machines that have none; after restore_whole. What was compiled for it before is used again.
publish_whole() {
  local project=$1 folder=$2
  rm -rf "$folder"
  quietly "building $(basename "$project") with .NET in it (some minutes the first time)" compiled dotnet publish "$project" --no-restore -c Release "${whole[@]}" -o "$folder" || return
  infra/version >"$folder/version.txt"
}

# Builds the local edition into .run/app when a source is newer than it.
build_app() {
  local stamp=.run/app/.built
  if [ -f $stamp ] && [ -z "$(find src bot functions templates Directory.*.props global.json -newer $stamp -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]; then
    return 0
  fi
  mkdir -p .run
  publish src/ChatOps.Local .run/app
  touch $stamp
}
