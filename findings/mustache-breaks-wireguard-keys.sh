#!/usr/bin/env bash
# A WireGuard key in {{braces}} of Mustache, by six libraries: mustache 4.2.0, hogan.js 3.0.2, handlebars 4.7.10 and micromustache 8.0.3 of
#   npm, Stubble.Core 1.10.8 and Handlebars.Net 2.4.3 of .NET. wg of wireguard-tools 1.0.20210914 (Debian 12) says whether it is a key
#   still.
# Braces escape for HTML, and the specification names four characters for that: & " < >. A key is base64 and has none of them.
# Surprise: three of the six also escape the = that every key ends with, and one of these the / that some have, so the file has no key in
#   it; one and the same template is right with the others. So a template that was tried with one library fails with the next, and a slash
#   may not be in the key that one tried.
# So: in templates of files that are no HTML each value stands in three braces, or the library's escaping is switched off, and a test has a
#   key with + and /.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison wireguard-tools | awk '$3 ~ /^1\.0\.20210914/ { print $3; exit }')
apt-get download -q "wireguard-tools=${version:?no wireguard-tools 1.0.20210914 here: apt-get update first}" >&2
dpkg -x wireguard-tools_*.deb tools
npm install --silent --no-audit --no-fund mustache@4.2.0 hogan.js@3.0.2 handlebars@4.7.10 micromustache@8.0.3 >/dev/null
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Stubble.Core" Version="[1.10.8]" />
    <PackageReference Include="Handlebars.Net" Version="[2.4.3]" />
  </ItemGroup>
</Project>
END
cat >Program.cs <<'END'
var values = new Dictionary<string, object> { ["key"] = File.ReadAllText("key") };
foreach (var text in File.ReadLines("templates"))
{
    Console.WriteLine($"Stubble{text} {new Stubble.Core.Builders.StubbleBuilder().Build().Render(text, values)}");
    Console.WriteLine($"Handlebars.Net{text} {HandlebarsDotNet.Handlebars.Compile(text)(values)}");
}
END
cat >render.js <<'END'
const { readFileSync } = require('fs');
const key = readFileSync('key', 'utf8');
for (const text of readFileSync('templates', 'utf8').trimEnd().split('\n')) {
  console.log('mustache' + text, require('mustache').render(text, { key }));
  console.log('hogan.js' + text, require('hogan.js').compile(text).render({ key }));
  console.log('handlebars' + text, require('handlebars').compile(text)({ key }));
  if (!text.includes('{{{')) console.log('micromustache' + text, require('micromustache').render(text, { key }));
}
END
# No one's key: a hash whose base64 has both + and /.
printf 'finding 0' | openssl dgst -sha256 -binary | base64 | tr -d '\n' >key
printf '%s\n' '{{key}}' '{{{key}}}' >templates
{
  cat key
  echo
  { dotnet run && node render.js; } | while read -r who text; do
    if tools/usr/bin/wg pubkey <<<"$text" >/dev/null 2>&1; then echo "$who: $text, a key"; else echo "$who: $text, no key"; fi
  done | LC_ALL=C sort
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=
Handlebars.Net{{key}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls&#x3D;, no key
Handlebars.Net{{{key}}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
Stubble{{key}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
Stubble{{{key}}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
handlebars{{key}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls&#x3D;, no key
handlebars{{{key}}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
hogan.js{{key}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
hogan.js{{{key}}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
micromustache{{key}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
mustache{{key}}: TT6QlqgR0F7eZ5&#x2F;+3zgyEwfa6j0rRDhdkWCWuOMV+ls&#x3D;, no key
mustache{{{key}}}: TT6QlqgR0F7eZ5/+3zgyEwfa6j0rRDhdkWCWuOMV+ls=, a key
END
echo 'as described'
