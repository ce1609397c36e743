#!/usr/bin/env bash
# Templates of the language Liquid, by which configuration files get written, in Scriban 7.5.3 (its reader of Liquid), Fluid 2.41.1 and
#   DotLiquid 2.3.260 of .NET, and liquidjs 10.30.1. All four take each of these lines, and give it other answers.
# Surprise 1: Fluid's sort puts numbers in the order of their texts, so port 443 comes before 80, though by a property of objects it sorts
#   them as numbers.
# Surprise 2: Scriban, which says that it has all of Liquid but arguments of custom tags: .first and .last of a list are nothing (the
#   filters are there), "contains" looks through a list for a piece of a text, "reversed limit:2" takes the other end of it, and "and" binds
#   before "or", where Liquid reads from the right.
# Surprise 3: DotLiquid counts with 32 bits, and where that is too little the text of an error stands in the file.
# Surprise 4: what came as text is a number in one half only. "80" plus 1 is 801 in Scriban and DotLiquid, which say that "80" equals 80; it
#   is 81 in the others, which say that it does not.
# So: a template is tried with the library that runs it; lists come sorted, numbers as numbers, and a template does no arithmetic.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund liquidjs@10.30.1 >/dev/null
cat >templates <<'END'
{{ ports | sort | join: " " }}
{{ vms | sort: "port" | map: "port" | join: " " }}
{{ network | split: "/" | last }}
{% assign parts = network | split: "/" %}{{ parts.first }} {{ parts.last }}
{% assign hosts = "10.0.0.12,10.0.0.13" | split: "," %}{% if hosts contains "10.0.0.1" %}listed{% else %}not listed{% endif %}
{% for port in ports reversed limit:2 %}{{ port }} {% endfor %}
{% if no and no or yes %}yes{% else %}no{% endif %}
{{ "80" | plus: 1 }}
{% if "80" == 80 %}equal{% else %}not equal{% endif %}
{{ no | default: "not said" }}
{{ 65536 | times: 65536 }}
END
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Scriban.Signed" Version="[7.5.3]" />
    <PackageReference Include="Fluid.Core" Version="[2.41.1]" />
    <PackageReference Include="DotLiquid" Version="[2.3.260]" />
  </ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using Fluid;
using Scriban.Runtime;

Dictionary<string, object> Vm(int port) => new() { ["port"] = port };
var data = new Dictionary<string, object>
{
    ["ports"] = new[] { 443, 80, 8080 },
    ["vms"] = new[] { Vm(443), Vm(80), Vm(8080) },
    ["network"] = "10.0.0.0/8",
    ["yes"] = true,
    ["no"] = false,
};
var fluid = new FluidParser();
foreach (var text in File.ReadLines("templates"))
{
    var context = new Scriban.LiquidTemplateContext();
    context.PushGlobal(Objects(data));
    Console.WriteLine($"Scriban: {Scriban.Template.ParseLiquid(text).Render(context)}");
    Console.WriteLine($"Fluid: {fluid.Parse(text).Render(new TemplateContext(data, new TemplateOptions()))}");
    Console.WriteLine($"DotLiquid: {DotLiquid.Template.Parse(text).Render(DotLiquid.Hash.FromDictionary(data))}");
}

// Scriban has objects of its own.
ScriptObject Objects(Dictionary<string, object> from)
{
    var to = new ScriptObject();
    foreach (var (key, value) in from)
        to[key] = value is Dictionary<string, object>[] many ? many.Select(Objects).ToArray() : value;
    return to;
}
END
cat >render.js <<'END'
const { readFileSync } = require('fs');
const { Liquid } = require('liquidjs');
const data = { ports: [443, 80, 8080], vms: [{ port: 443 }, { port: 80 }, { port: 8080 }], network: '10.0.0.0/8', yes: true, no: false };
const others = readFileSync('others', 'utf8').split('\n');
for (const text of readFileSync('templates', 'utf8').trimEnd().split('\n')) {
  const said = [...others.splice(0, 3), `liquidjs: ${new Liquid().parseAndRenderSync(text, data)}`].map(line => line.split(/: (.*)/));
  const groups = {};
  for (const [who, what] of said) (groups[what.trim()] ??= []).push(who);
  console.log(text);
  for (const [what, who] of Object.entries(groups)) console.log(`  ${who.join(', ')}: ${what || 'nothing'}`);
}
END
dotnet run >others
node render.js | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
{{ ports | sort | join: " " }}
  Scriban, DotLiquid, liquidjs: 80 443 8080
  Fluid: 443 80 8080
{{ vms | sort: "port" | map: "port" | join: " " }}
  Scriban, Fluid, DotLiquid, liquidjs: 80 443 8080
{{ network | split: "/" | last }}
  Scriban, Fluid, DotLiquid, liquidjs: 8
{% assign parts = network | split: "/" %}{{ parts.first }} {{ parts.last }}
  Scriban: nothing
  Fluid, DotLiquid, liquidjs: 10.0.0.0 8
{% assign hosts = "10.0.0.12,10.0.0.13" | split: "," %}{% if hosts contains "10.0.0.1" %}listed{% else %}not listed{% endif %}
  Scriban: listed
  Fluid, DotLiquid, liquidjs: not listed
{% for port in ports reversed limit:2 %}{{ port }} {% endfor %}
  Scriban: 8080 80
  Fluid, DotLiquid, liquidjs: 80 443
{% if no and no or yes %}yes{% else %}no{% endif %}
  Scriban: yes
  Fluid, DotLiquid, liquidjs: no
{{ "80" | plus: 1 }}
  Fluid, liquidjs: 81
  Scriban, DotLiquid: 801
{% if "80" == 80 %}equal{% else %}not equal{% endif %}
  Scriban, DotLiquid: equal
  Fluid, liquidjs: not equal
{{ no | default: "not said" }}
  Scriban: false
  Fluid, liquidjs: not said
  DotLiquid: False
{{ 65536 | times: 65536 }}
  Scriban, Fluid, liquidjs: 4294967296
  DotLiquid: Liquid error: Arithmetic operation resulted in an overflow.
END
echo 'as described'
