#!/usr/bin/env bash
# WireGuard's private keys from three makers: wireguard-tools 1.0.20210914 (Debian's), BouncyCastle.Cryptography 2.7.0, NSec.Cryptography 26.4.0 (libsodium).
# X25519 fixes five bits of a private key when it is used ("clamping"). wg genkey and BouncyCastle fix them when the key is made; NSec does not. All
# three agree on the public key, so everything works.
# Surprise: one private key has many texts. NSec's export is another text than the one that BouncyCastle, or wg after it, gives for the same key, so
#   comparing private keys (or hashes of files with them) finds a difference where there is none.
# So: clamp before a key is written anywhere, and compare public keys.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison wireguard-tools | awk '$3 ~ /^1\.0\.20210914/ { print $3; exit }')
apt-get download -q "wireguard-tools=${version:?no wireguard-tools 1.0.20210914 here: apt-get update first}" >&2
dpkg -x wireguard-tools_*.deb tools
wg=$PWD/tools/usr/bin/wg
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NSec.Cryptography" Version="[26.4.0]" />
    <PackageReference Include="BouncyCastle.Cryptography" Version="[2.7.0]" />
  </ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using NSec.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

var random = new SecureRandom();
var made = new Dictionary<string, Func<byte[]>>
{
    ["NSec"] = () =>
    {
        using var key = Key.Create(KeyAgreementAlgorithm.X25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return key.Export(KeyBlobFormat.RawPrivateKey);
    },
    ["BouncyCastle"] = () => new X25519PrivateKeyParameters(random).GetEncoded(),
};
if (args is [var one])
{
    // The texts of a key that is not clamped, and of the same one clamped.
    var raw = made["NSec"]();
    while (Clamped(raw))
        raw = made["NSec"]();
    var clamped = (byte[])raw.Clone();
    (clamped[0], clamped[31]) = ((byte)(raw[0] & 248), (byte)(raw[31] & 127 | 64));
    File.WriteAllLines(one, [Convert.ToBase64String(raw), Convert.ToBase64String(clamped)]);
    return;
}

// One in 32 random keys is clamped by chance; of 200, all are not.
foreach (var (name, make) in made)
    Console.WriteLine($"{name} clamps what it makes: {Enumerable.Range(0, 200).All(_ => Clamped(make()))}");

bool Clamped(byte[] key) => (key[0] & 7) == 0 && (key[31] & 0xC0) == 0x40;
END
dotnet build -v q -clp:ErrorsOnly >&2
{
  dotnet run --no-build
  dotnet run --no-build texts
  sort -u texts | awk 'END { print NR " texts of one private key" }'
  while read -r key; do echo "$key" | "$wg" pubkey; done <texts | sort -u | awk 'END { print NR " public key" }'
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
NSec clamps what it makes: False
BouncyCastle clamps what it makes: True
2 texts of one private key
1 public key
END
echo 'as described'
