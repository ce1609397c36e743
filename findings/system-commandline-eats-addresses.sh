#!/usr/bin/env bash
# System.CommandLine 2.0.15, with the words that people who run networks type.
# Surprise 1: an IPv6 address in brackets is taken for a *directive* when it is the very first word, is no argument then, and is called unknown. Behind
#   any other word, or with a port behind it, it is an argument.
# Surprise 2: a word that begins with @ (a group or a person of a chat) is the name of a file whose words are put in its place.
# Surprise 3: a colon parts an option from its value as = does, so "--listen:80" is port 80 and no unknown option.
# Surprise 4: RootCommand.Directives.Clear() does not change the first.
# So: a program that takes such words sets ResponseFileTokenReplacer to null, and has a subcommand as its first word, behind which they are safe.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="System.CommandLine" Version="[2.0.15]" /></ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using System.CommandLine;

var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
var listen = new Option<string?>("--listen");
var root = new RootCommand { words, listen };
Show("[400::2]", "80");
Show("expose", "[400::2]");
Show("[400::2]:80");
Show("tell", "@ops");
Show("--listen:80");
root.Directives.Clear();
ShowWith(new() { ResponseFileTokenReplacer = null }, "[400::2]", "@ops");
ShowWith(new() { ResponseFileTokenReplacer = null }, "expose", "[400::2]", "@ops");

void Show(params string[] line) => Print(root.Parse(line), line);
void ShowWith(ParserConfiguration how, params string[] line) => Print(root.Parse(line, how), line);
void Print(ParseResult parsed, string[] line) =>
    Console.WriteLine(
        $"{string.Join(" ", line)} -> words: {string.Join(" ", parsed.GetValue(words) ?? [])}; listen: {parsed.GetValue(listen)}; {string.Join(" ", parsed.Errors.Select(e => e.Message))}".TrimEnd()
    );
END
dotnet run 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
[400::2] 80 -> words: 80; listen: ; Unrecognized command or argument '[400::2]'.
expose [400::2] -> words: expose [400::2]; listen: ;
[400::2]:80 -> words: [400::2]:80; listen: ;
tell @ops -> words: tell; listen: ; Response file not found 'ops'.
--listen:80 -> words: ; listen: 80;
[400::2] @ops -> words: @ops; listen: ;
expose [400::2] @ops -> words: expose [400::2] @ops; listen: ;
END
echo 'as described'
