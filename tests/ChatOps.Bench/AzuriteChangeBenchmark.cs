using System.Diagnostics;
using System.Globalization;

namespace ChatOps.Bench;

/// <summary>
/// The same measure for the Azurite edition, from outside: a line goes into the pipe of <c>./run --azurite</c>, and the message that it is
/// confirmed comes out. Azurite, bot and function app are processes of their own.
/// </summary>
internal sealed class AzuriteChangeBenchmark(Lab lab, string scratch, bool quick)
{
    private const int WarmUps = 12;

    private const string Policy = """
        {
          "users": [{ "id": "admin", "roles": ["admin"] }],
          "rules": [{ "commands": ["vm add", "expose", "unexpose"], "who": "operator", "approvals": 0 }]
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        var policy = Path.Combine(scratch, "azurite-policy.json");
        await File.WriteAllTextAsync(policy, Policy, cancel);
        string[] arguments =
        [
            "run",
            "--azurite",
            "--fresh",
            "--data",
            Path.Combine(scratch, "azurite"),
            "--policy",
            Path.GetFullPath(policy),
        ];
        using var edition = Process.Start(
            new ProcessStartInfo("bash", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["CHATOPS_LAB"] = lab.Name },
            }
        )!;
        try
        {
            await SayAsync(edition, 1, "vm add vm2 400::100:0:0:2", cancel);
            var wholes = new List<double>();
            for (var i = 0; i < WarmUps + (quick ? 8 : 30); i++)
            {
                var whole = await SayAsync(edition, i + 2, i % 2 == 0 ? "expose vm2:8080 on 10080" : "unexpose 10080", cancel);
                if (i >= WarmUps)
                    wholes.Add(whole);
            }

            var figures = new Figures(wholes);
            report.Add(
                "1 change over Azurite and two processes, line to confirmed",
                figures.ToString(),
                "median under 400 ms",
                figures.Median < 400
            );
        }
        finally
        {
            edition.StandardInput.Close();
            await edition.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
    }

    private static async Task<double> SayAsync(Process edition, int number, string line, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var from = Stopwatch.GetTimestamp();
        await edition.StandardInput.WriteLineAsync(line);
        await edition.StandardInput.FlushAsync(patience.Token);
        var head = string.Create(CultureInfo.InvariantCulture, $"#{number} ");
        while (await edition.StandardOutput.ReadLineAsync(patience.Token) is { } said)
        {
            if (said.StartsWith(head, StringComparison.Ordinal) && said.Contains(" · confirmed · ", StringComparison.Ordinal))
                return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            if (said.Contains(" · failed while ", StringComparison.Ordinal) || said.Contains(" · stuck", StringComparison.Ordinal))
                throw new InvalidOperationException($"\"{line}\": {said}");
        }

        throw new InvalidOperationException($"\"{line}\": the edition has ended");
    }
}
