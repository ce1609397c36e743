#!/usr/bin/env bash
# .NET SDK 10.0 (10.0.401), NuGet lock files, and how a program is published.
# Surprise 1: PublishAot and PublishTrimmed put a compiler and a linker into packages.lock.json as if the project had asked for them, with the version
#   that this SDK has in mind: so a lock file is one SDK's, and a locked restore with another patch of it, or without the property, ends with NU1004.
# Surprise 2: what PublishReadyToRun and SelfContained fetch (a compiler, all of .NET) is packages too, and is in no lock file.
# So: what is published natively is restored with a lock file of its own, out of the repository; and a lock file says nothing about the compilers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export NUGET_PACKAGES=$folder/packages
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
  </PropertyGroup>
</Project>
END
for property in PublishAot PublishTrimmed PublishReadyToRun SelfContained; do
  rm -rf obj packages packages.lock.json
  dotnet restore "-p:$property=true" >said 2>&1 || { cat said; exit 1; }
  locked=$(grep -oE 'Microsoft\.[A-Za-z.]+"' packages.lock.json | tr -d '"' | sort -u | paste -sd, -) || locked=nothing
  fetched=$(find packages -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -ciE 'ilcompiler|illink|crossgen|runtime' || true)
  again=$(dotnet restore --locked-mode 2>&1 | grep -oE 'NU[0-9]+' | sort -u || true)
  echo "$property: locks ${locked:-nothing}; fetched $([ "$fetched" -gt 0 ] && echo compilers or .NET || echo nothing); locked without it: ${again:-goes}"
done | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
PublishAot: locks Microsoft.DotNet.ILCompiler,Microsoft.NET.ILLink.Tasks; fetched compilers or .NET; locked without it: NU1004
PublishTrimmed: locks Microsoft.NET.ILLink.Tasks; fetched compilers or .NET; locked without it: NU1004
PublishReadyToRun: locks nothing; fetched compilers or .NET; locked without it: goes
SelfContained: locks nothing; fetched compilers or .NET; locked without it: goes
END
echo 'as described'
