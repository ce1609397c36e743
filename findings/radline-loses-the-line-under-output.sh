#!/usr/bin/env bash
# RadLine 0.6.0, the line editor of the makers of Spectre.Console, in a terminal of 40 columns (drawn by @xterm/headless 5.5.0), while the program says something during
# the typing, as a chat does.
# Surprise 1: it has no way to say that the screen has changed: what the program prints lands behind what was typed so far, in the same row.
# Surprise 2: the next key draws the line anew in the row where the cursor is now, so the first part of it stands twice.
# So: it fits programs that are silent while somebody types. One that is not has to own the line: erase it, print, and draw it again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @xterm/headless@5.5.0 >/dev/null
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="RadLine" Version="[0.6.0]" /></ItemGroup>
</Project>
END
cat >Program.cs <<'END'
using RadLine;

// Says something when a file is there, as news come.
_ = Task.Run(async () =>
{
    while (!File.Exists(args[0]))
        await Task.Delay(20);
    Console.WriteLine("somebody: news");
});
var line = await new LineEditor { Prompt = new LineEditorPrompt(">") }.ReadLine(CancellationToken.None);
Console.WriteLine($"[{line}]");
END
dotnet build -v q -o built >/dev/null
cat >type.js <<'END'
const { spawn } = require('child_process');
const { writeFileSync } = require('fs');
const { Terminal } = require('@xterm/headless');

const terminal = new Terminal({ cols: 40, rows: 10, allowProposedApi: true });
const child = spawn('script', ['-qfec', 'stty cols 40 rows 10; TERM=xterm-256color dotnet built/finding.dll news', '/dev/null']);
child.stdout.on('data', data => terminal.write(data));
// It asks the terminal where the cursor is.
terminal.onData(data => child.stdin.write(data));
const rows = () => [...Array(10).keys()].map(y => terminal.buffer.active.getLine(y).translateToString(true)).filter(row => row);
const until = async seen => {
  for (let tries = 0; tries < 600 && !rows().some(seen); tries++) await new Promise(go => setTimeout(go, 100));
  await new Promise(go => setTimeout(go, 500));
};
(async () => {
  await until(row => row.startsWith('>'));
  child.stdin.write('expose');
  await until(row => row.includes('expose'));
  writeFileSync('news', '');
  await until(row => row.includes('news'));
  console.log('after the news:', JSON.stringify(rows()));
  child.stdin.write(' vm2');
  await until(row => row.includes('vm2'));
  console.log('after the next keys:', JSON.stringify(rows()));
  child.stdin.write('\r');
  await until(row => row.includes('['));
  console.log('at the end:', JSON.stringify(rows()));
  process.exit();
})();
END
node type.js 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
after the news: ["> exposesomebody: news                 "]
after the next keys: ["> exposesomebody: news                 ","> expose vm2                           "]
at the end: ["> exposesomebody: news                 ","> expose vm2                           ","[expose vm2]"]
END
echo 'as described'
