#!/usr/bin/env bash
# Azure.Storage.Blobs 12.30.0 (Azure.Core's type ETag), asked over Azurite 3.35.0. The service gives a blob's tag in quotes in the blob's own answer, and without
# them in a listing; the client keeps each as it came.
# Surprise 1: the tag of a listing is never equal to the tag of the same blob from an upload or a download, though the type has an equality of its own.
# Surprise 2: nothing shows it. Formatted as a header ("H") both are the same text, and both are taken as a condition, because there the quotes are added.
# So: a cache that lists, compares with what it downloaded last, and downloads what differs, downloads everything at every look. Compare bare texts.
set -euo pipefail
folder=$(mktemp -d)
azurite=
# shellcheck disable=SC2317  # called by a trap
cleanup() {
  [ -z "$azurite" ] || kill "$azurite" 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix azurite azurite@3.35.0 >/dev/null
AZURITE_ACCOUNTS=finding:ZmluZGluZw== node azurite/node_modules/azurite/dist/src/blob/main.js --silent --inMemoryPersistence --blobPort 0 --skipApiVersionCheck >said 2>&1 &
azurite=$!
for _ in $(seq 300); do
  port=$(sed -n 's/.*listens on http:\/\/127.0.0.1:\([0-9]*\).*/\1/p; s/.*listening at http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' said | tail -1)
  [ -z "$port" ] || break
  sleep 0.1
done
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Azure.Storage.Blobs" Version="[12.30.0]" /></ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

const string name = "finding", key = "ZmluZGluZw==";
var container = new BlobContainerClient(new Uri($"http://127.0.0.1:{args[0]}/{name}/finding"), new StorageSharedKeyCredential(name, key));
container.Create();
var blob = container.GetBlobClient("one");
ETag uploaded = blob.Upload(BinaryData.FromString("text")).Value.ETag, downloaded = blob.DownloadContent().Value.Details.ETag, listed = container.GetBlobs().Single().Properties.ETag!.Value;
Console.WriteLine($"upload and download: equal {uploaded == downloaded}");
Console.WriteLine($"listing and download: equal {listed == downloaded}, as headers equal {listed.ToString("H") == downloaded.ToString("H")}, without quotes equal {listed.ToString("G") == downloaded.ToString("G").Trim('"')}");
foreach (var tag in new[] { listed, downloaded })
    Console.WriteLine($"as a condition: {blob.DownloadContent(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = tag } }).GetRawResponse().Status}");
END
dotnet run -- "$port" 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
upload and download: equal True
listing and download: equal False, as headers equal True, without quotes equal True
as a condition: 200
as a condition: 200
END
echo 'as described'
