#!/usr/bin/env bash
# Texts of a network written as YAML by YamlDotNet 18.1.0 and SharpYaml 3.17.0, and read by PyYAML 6.0 of Debian 12 (YAML 1.1, as cloud-init
#   and Ansible read) and the npm package yaml 2.9.1 (YAML 1.2). YamlDotNet is asked to quote the strings that need it, in both ways that it
#   has.
# Surprise 1: asked to quote what is special in YAML 1.1 "also", it quotes that instead: the hexadecimal id 12e03 and the code 08, which
#   only 1.2 takes for numbers, lose the quotes that they had, and are 12000 and 8.
# Surprise 2: without that, an address of a VM may be a number. PyYAML reads 52:54:00:12:34:56 to the base of 60, as it does one in 78
#   addresses with the first half that QEMU gives.
# Surprise 3: a date has no quotes either way, though it is special in 1.1, and is no text in PyYAML. SharpYaml quotes the numbers of both
#   versions, and of on and off neither.
# So: of these settings none is safe for both readers. WithDefaultScalarStyle(DoubleQuoted) is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q python3-yaml=6.0-3+b2 >&2
dpkg -x python3-yaml_*.deb python
npm install --silent --no-audit --no-fund yaml@2.9.1 >/dev/null
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="YamlDotNet" Version="[18.1.0]" />
    <PackageReference Include="SharpYaml" Version="[3.17.0]" />
  </ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using YamlDotNet.Serialization;

string[] texts = ["52:54:00:12:34:56", "52:54:00:ab:34:56", "12e03", "08", "010", "0x1f", "2026-01-02", "on", "off", "400::1", "10.0.0.1"];
Write("necessary", new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(texts));
Write("necessary, also 1.1", new SerializerBuilder().WithQuotingNecessaryStrings(true).Build().Serialize(texts));
Write("all", new SerializerBuilder().WithDefaultScalarStyle(YamlDotNet.Core.ScalarStyle.DoubleQuoted).Build().Serialize(texts));
Write("SharpYaml", SharpYaml.YamlSerializer.Serialize(texts));

void Write(string name, string yaml)
{
    File.WriteAllText(name + ".yaml", yaml);
    File.WriteAllLines("texts", texts);
}
END
# Each reader prints the texts that are another thing now.
cat >read.js <<'END'
const { readFileSync } = require('fs');
const texts = readFileSync('texts', 'utf8').split('\n');
const read = require('yaml').parse(readFileSync(process.argv[2], 'utf8'));
console.log(read.map((value, i) => (value === texts[i] ? '' : `${texts[i]} is ${value}`)).filter(said => said).join(', ') || 'all right');
END
cat >read.py <<'END'
import sys, yaml
assert yaml.__version__ == "6.0", yaml.__version__
texts = open("texts").read().splitlines()
read = yaml.safe_load(open(sys.argv[1]))
print(", ".join(f"{text} is {value!r}" for text, value in zip(texts, read) if value != text) or "all right")
END
dotnet run >&2
for name in necessary 'necessary, also 1.1' all SharpYaml; do
  echo "$name: in PyYAML $(PYTHONPATH=python/usr/lib/python3/dist-packages python3 read.py "$name.yaml")"
  echo "$name: in yaml $(node read.js "$name.yaml")"
done | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
necessary: in PyYAML 52:54:00:12:34:56 is 41135085296, 2026-01-02 is datetime.date(2026, 1, 2), on is True, off is False
necessary: in yaml all right
necessary, also 1.1: in PyYAML 2026-01-02 is datetime.date(2026, 1, 2)
necessary, also 1.1: in yaml 12e03 is 12000, 08 is 8
all: in PyYAML all right
all: in yaml all right
SharpYaml: in PyYAML 2026-01-02 is datetime.date(2026, 1, 2), on is True, off is False
SharpYaml: in yaml all right
END
echo 'as described'
