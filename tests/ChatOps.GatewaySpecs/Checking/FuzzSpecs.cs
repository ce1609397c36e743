using System.Diagnostics.CodeAnalysis;
using System.Text;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;
using Xunit.Abstractions;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>
/// Files that nobody meant: what the templates write, changed at random, always in the same way. No reader throws, every refusal is one
/// sentence, and of what is accepted nothing is unexplained: written from what was understood it is the same file again.
/// </summary>
public sealed class FuzzSpecs(ITestOutputHelper output)
{
    private const int Mutations = 104_000;

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public void Whatever_the_bytes_are_they_are_understood_or_refused()
    {
        var random = new Random(20261130);
        var seeds = Bundle
            .All.SelectMany(b =>
                BundleCheck
                    .Formats.Where(f => b.Files.ContainsKey(f.File))
                    .Select(f => (Format: f, File: b.Files[f.File], Declared: b.Declared()))
            )
            .ToArray();
        var byFormat = seeds.GroupBy(s => s.Format).Select(g => g.ToArray()).ToArray();
        var lines = byFormat.ToDictionary(
            g => g[0].Format,
            g => g.SelectMany(s => Encoding.ASCII.GetString(s.File).Split('\n')).Distinct().ToArray()
        );
        var counts = new Dictionary<string, (int Accepted, int Refused)>();
        for (var i = 0; i < Mutations; i++)
        {
            var some = byFormat[i % byFormat.Length];
            var (format, file, declared) = some[random.Next(some.Length)];
            var mutated = Mutation.Of(file, lines[format], random);
            var count = counts.GetValueOrDefault(format.File);
            counts[format.File] = Survives(format, mutated, declared)
                ? count with
                {
                    Accepted = count.Accepted + 1,
                }
                : count with
                {
                    Refused = count.Refused + 1,
                };
        }

        foreach (var (file, (accepted, refused)) in counts)
            output.WriteLine($"{file}: {accepted} accepted, {refused} refused");

        // A fuzzer that reaches one side alone proves nothing.
        Assert.All(counts.Values, c => Assert.True(c.Accepted > 100 && c.Refused > 100, $"{c}"));
    }

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public void So_are_the_lists()
    {
        var random = new Random(20261130);
        var seeds = Bundle.All.Where(b => b.Files["listeners"].Length > 0).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bundle = seeds[i % seeds.Length];
            var exposures = Mutation.Of(bundle.Files["exposures"], bundle["exposures"].Split('\n'), random);
            var rows = Exposures.Parse(exposures, out var fault);
            if (fault is null)
                Assert.Equal(
                    Encoding.Latin1.GetString(exposures),
                    string.Concat(
                        rows.Select(r => $"{Rows.NameOf(r.Protocol)} {r.Port} {r.Engine} {r.Family} {r.Address} {r.TargetPort}\n")
                    )
                );
            else
                IsSentence(fault.Reason);
            var listeners = Mutation.Of(bundle.Files["listeners"], bundle["listeners"].Split('\n'), random);
            var held = Listeners.Parse(listeners, out fault);
            if (fault is null)
                Assert.Equal(
                    Encoding.Latin1.GetString(listeners),
                    string.Concat(held.Select(r => $"{Rows.NameOf(r.Protocol)} {r.Family} {r.Port} {r.Engine}\n"))
                );
            else
                IsSentence(fault.Reason);
        }
    }

    // What a patch makes is looked at afterwards, and a transaction of elements goes to nft as it is.
    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public void So_are_patches_and_differences_in_elements()
    {
        var random = new Random(20261130);
        var tables = Bundle.All.Select(b => b.Files["nftables.nft"]).ToArray();
        var lines = Encoding.ASCII.GetString(tables[0]).Split('\n');
        var patch = "d3 1\na7 2\nset x {\nelements = {\nd20 4\na30 1\n      tcp . 80,\n"u8.ToArray();
        var (differing, patched) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var table = tables[random.Next(tables.Length)];
            var text = Encoding.Latin1.GetString(table);
            if (Elements.Between(text, Encoding.Latin1.GetString(Mutation.Of(table, lines, random))) is { Length: > 0 } transaction)
            {
                differing++;
                Assert.Matches($"^({OfElements}|{OfSources})+$", transaction);
            }

            var changed = Mutation.Of(patch, ["d1 1", "a0 1", "a9 2"], random);
            if (LinePatch.Apply(table, changed) is { } made)
            {
                patched++;
                Assert.InRange(made.Length, 0, table.Length + changed.Length + 1);
            }
        }

        Assert.True(differing > 20 && patched > 100, $"{differing} {patched}");
    }

    private const string OfElements = "(add|delete) element inet chatops [A-Za-z0-9_]+ \\{ [a-z0-9 .:/,-]+ \\}\n";
    private const string OfSources =
        "flush (chain|set) inet chatops sources[46]?\n"
        + "|add rule inet chatops sources meta l4proto (tcp|udp) th dport [0-9]+ update @sources[46] \\{ meta l4proto . th dport . (ip saddr|ip6 saddr & ffff:ffff:ffff:ffff::)"
        + " timeout 1[smh] limit rate over [0-9]+/(second|minute|hour) burst [0-9]+ packets \\} goto limited\n";

    private static bool Survives(Format format, byte[] file, Declared declared)
    {
        var understood = new List<string>();
        var fault = format.Check(file, declared, statement => understood.Add(statement.Print()));
        if (fault is not null)
        {
            Assert.Equal(format.File, fault.File);
            IsSentence(fault.Reason);
            return false;
        }

        Assert.Equal(Written.Meant(file), understood);
        return true;
    }

    private static void IsSentence(string reason)
    {
        Assert.NotEmpty(reason);
        Assert.True(reason.Length < 1500 && !reason.AsSpan().ContainsAnyExceptInRange(' ', '~'), reason);
    }
}
