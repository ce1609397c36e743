#!/usr/bin/env bash
# NCrontab 3.4.0 (what the timer trigger of Azure Functions reads schedules with) and Cronos 0.13.0, given the same expressions.
# Surprise 1: a range that runs over midnight or over the weekend. Cronos goes round (22-2 is five hours of the night); NCrontab swaps the ends in
#   silence, so 22-2 is the 21 hours of the day, and FRI-MON is Monday to Friday.
# Surprise 2: a step that is larger than the field. NCrontab takes */90 in minutes for "each hour"; Cronos refuses it.
# Surprise 3: NCrontab refuses 7 for Sunday, which cron and Cronos take.
# Surprise 4: "the 13th and Friday". cron runs on either; both libraries run only on a Friday the 13th.
# So: a range that runs backward and a step beyond its field are refused before a library sees them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >finding.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><InvariantGlobalization>true</InvariantGlobalization></PropertyGroup>
  <ItemGroup><PackageReference Include="NCrontab" Version="[3.4.0]" /><PackageReference Include="Cronos" Version="[0.13.0]" /></ItemGroup>
</Project>
END
cat >Program.cs <<'END'
// 1 November 2026 is a Sunday.
var (from, to) = (new DateTime(2026, 10, 31, 23, 59, 0, DateTimeKind.Utc), new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc));
Compare("0 22-2 * * *", to, "HH");
Compare("0 0 * * FRI-MON", from.AddDays(7), "ddd");
Compare("*/90 * * * *", from.AddHours(3), "HH:mm");
Compare("0 0 * * 7", from.AddDays(7), "ddd");
Compare("0 0 13 * FRI", from.AddDays(60), "ddd dd MMM");

void Compare(string text, DateTime end, string format)
{
    string Times(IEnumerable<DateTime> times) => string.Join(" ", times.Select(t => t.ToString(format)));
    Console.WriteLine($"{text} | NCrontab | {Of(() => Times(NCrontab.CrontabSchedule.Parse(text).GetNextOccurrences(from, end)))}");
    Console.WriteLine($"{text} | Cronos   | {Of(() => Times(Cronos.CronExpression.Parse(text).GetOccurrences(from, end)))}");
}

string Of(Func<string> ask)
{
    try { return ask(); }
    catch (Exception e) { return "refused: " + e.GetType().Name; }
}
END
dotnet run 2>&1 | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
0 22-2 * * * | NCrontab | 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22
0 22-2 * * * | Cronos   | 00 01 02 22 23
0 0 * * FRI-MON | NCrontab | Mon Tue Wed Thu Fri
0 0 * * FRI-MON | Cronos   | Sun Mon Fri Sat
*/90 * * * * | NCrontab | 00:00 01:00 02:00
*/90 * * * * | Cronos   | refused: CronFormatException
0 0 * * 7 | NCrontab | refused: CrontabException
0 0 * * 7 | Cronos   | Sun
0 0 13 * FRI | NCrontab | Fri 13 Nov
0 0 13 * FRI | Cronos   | Fri 13 Nov
END
echo 'as described'
