#!/usr/bin/env bash
# IPNetwork2 5.0.1 and System.Net.IPNetwork of .NET 10, asked about the same texts.
# Surprise 1: IPNetwork2.Parse takes an address without a prefix and makes up one: by the address classes of 1981 for IPv4 (10.0.0.0 is a /8, but so is
#   0.0.0.0, and a multicast address gets /24), /64 for any IPv6. An allow list of "hosts" becomes one of networks. .NET refuses these texts.
# Surprise 2: both clear host bits in silence (before .NET 10 its own parser threw).
# Surprise 3: asked whether 10.0.0.0/8 holds ::ffff:10.1.1.1, they disagree.
# So: a prefix is required in what people type, and what was parsed is compared with what was typed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="IPNetwork2" Version="[5.0.1]" /></ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using System.Net;

foreach (var text in new[] { "10.0.0.7", "192.168.1.5", "0.0.0.0", "224.0.0.1", "400::1", "10.1.2.3/8" })
    Console.WriteLine($"{text}: IPNetwork2 {IPNetwork2.Parse(text)}, .NET {(IPNetwork.TryParse(text, out var network) ? network : "refuses")}");
var mapped = IPAddress.Parse("::ffff:10.1.1.1");
Console.WriteLine($"10.0.0.0/8 holds {mapped}: IPNetwork2 {IPNetwork2.Parse("10.0.0.0/8").Contains(mapped)}, .NET {IPNetwork.Parse("10.0.0.0/8").Contains(mapped)}");
END
dotnet run 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
10.0.0.7: IPNetwork2 10.0.0.0/8, .NET refuses
192.168.1.5: IPNetwork2 192.168.1.0/24, .NET refuses
0.0.0.0: IPNetwork2 0.0.0.0/8, .NET refuses
224.0.0.1: IPNetwork2 224.0.0.0/24, .NET refuses
400::1: IPNetwork2 400::/64, .NET refuses
10.1.2.3/8: IPNetwork2 10.0.0.0/8, .NET 10.0.0.0/8
10.0.0.0/8 holds ::ffff:10.1.1.1: IPNetwork2 False, .NET True
END
echo 'as described'
