#!/usr/bin/env bash
# Three ways to read a line on .NET, in a terminal of 40 columns (drawn by @xterm/headless 5.5.0), while the program prints something during the typing, as a chat does.
# Surprise 1: Terminal.Gui 2.5.0 in its inline mode, which is for the screen that a shell has too, prints over the line, and the next key wipes away what was printed.
# Surprise 2: the prompt of Spectre.Console 0.57.2 and PrettyPrompt (of csharprepl 0.7.1) print it behind what was typed, and go on in the next row without what was typed.
# None has a call by which one could say that the screen has changed. What is read in the end is right in each.
# So: a program that is not silent while somebody types has to own the line (erase it, print, draw it again), or all of the screen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @xterm/headless@5.5.0 >/dev/null
dotnet tool install csharprepl --version 0.7.1 --tool-path tools >/dev/null
# PrettyPrompt lies beside the program that is made with it.
mkdir prettyprompt
cp "$(dirname "$(find tools -name PrettyPrompt.dll)")"/{PrettyPrompt,TextCopy,System.IO.Abstractions,TestableIO*}.dll prettyprompt
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Spectre.Console" Version="[0.57.2]" />
    <PackageReference Include="Terminal.Gui" Version="[2.5.0]" />
    <Reference Include="prettyprompt/*.dll" />
  </ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using Spectre.Console;
using Terminal.Gui.App;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

// Says something when a file is there, as news come.
_ = Task.Run(async () =>
{
    while (!File.Exists(args[1]))
        await Task.Delay(20);
    Console.WriteLine("somebody: news");
});
Console.WriteLine($"[{await (args[0] switch { "Spectre.Console" => Spectre(), "PrettyPrompt" => Pretty(), _ => Gui() })}]");

static Task<string> Spectre() => Task.FromResult(AnsiConsole.Prompt(new TextPrompt<string>(">")));

static async Task<string> Pretty() => (await new PrettyPrompt.Prompt().ReadLineAsync()).Text;

static Task<string> Gui()
{
    var app = Application.Create();
    app.AppModel = AppModel.Inline;
    app.Init();
    var field = new TextField { X = 2, Width = Dim.Fill() };
    field.Accepting += (_, e) =>
    {
        e.Handled = true;
        app.RequestStop();
    };
    var row = new Runnable { Width = Dim.Fill(), Height = 1 };
    row.Add(new Label { Text = "> " }, field);
    app.Run(row);
    app.Dispose();
    return Task.FromResult(field.Text);
}
END
dotnet build -v q -o built >/dev/null
cat >type.js <<'END'
const { spawn } = require('child_process');
const { writeFileSync } = require('fs');
const { Terminal } = require('@xterm/headless');

const [name] = process.argv.slice(2);
const terminal = new Terminal({ cols: 40, rows: 10, allowProposedApi: true });
const child = spawn('script', ['-qfec', `stty cols 40 rows 10; TERM=xterm-256color dotnet built/finding.dll ${name} news-${name}`, '/dev/null']);
child.stdout.on('data', data => terminal.write(data));
// It may ask the terminal where the cursor is.
terminal.onData(data => child.stdin.write(data));
const rows = () => [...Array(10).keys()].map(y => terminal.buffer.active.getLine(y).translateToString(true).trimEnd()).filter(row => row);
const until = async seen => {
  for (let tries = 0; tries < 600 && !rows().some(seen); tries++) await new Promise(go => setTimeout(go, 100));
  await new Promise(go => setTimeout(go, 500));
};
(async () => {
  await until(row => row.startsWith('>'));
  child.stdin.write('expose');
  await until(row => row.includes('expose'));
  writeFileSync(`news-${name}`, '');
  await until(row => row.includes('news'));
  console.log(`${name}, after the news:`, JSON.stringify(rows()));
  child.stdin.write(' vm2');
  await until(row => row.includes('vm2'));
  console.log(`${name}, after the next keys:`, JSON.stringify(rows()));
  child.stdin.write('\r');
  await until(row => row.includes('['));
  console.log(`${name}, at the end:`, JSON.stringify(rows()));
  process.exit();
})();
END
for name in Spectre.Console PrettyPrompt Terminal.Gui; do node type.js $name; done 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
Spectre.Console, after the news: ["> exposesomebody: news"]
Spectre.Console, after the next keys: ["> exposesomebody: news"," vm2"]
Spectre.Console, at the end: ["> exposesomebody: news"," vm2","[expose vm2]"]
PrettyPrompt, after the news: ["> exposesomebody: news"]
PrettyPrompt, after the next keys: ["> exposesomebody: news"," vm2"]
PrettyPrompt, at the end: ["> exposesomebody: news"," vm2","[expose vm2]"]
Terminal.Gui, after the news: ["> exposesomebody: news"]
Terminal.Gui, after the next keys: ["> expose vm2"]
Terminal.Gui, at the end: ["> expose vm2","[expose vm2]"]
END
echo 'as described'
