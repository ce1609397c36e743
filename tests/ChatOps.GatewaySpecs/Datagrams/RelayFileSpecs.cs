using System.Diagnostics.CodeAnalysis;
using System.Text;
using ChatOps.Gateway.Datagrams;
using ChatOps.GatewaySpecs.Checking;

namespace ChatOps.GatewaySpecs.Datagrams;

/// <summary>The relay reads in its file what the check has seen there.</summary>
public sealed class RelayFileSpecs
{
    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public void What_is_let_through_is_read_as_the_same_lines()
    {
        var random = new Random(20261130);
        var format = ChatOps.Gateway.Checking.BundleCheck.Formats.Single(f => f.File == "udprelay.conf");
        var bundle = Bundle.Named("udprelay");
        var lines = bundle["udprelay.conf"].Split('\n');
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = Mutation.Of(bundle.Files["udprelay.conf"], lines, random);
            if (format.Check(text, bundle.Declared()) is not null)
                continue;
            accepted++;
            Assert.Equal(
                Encoding
                    .ASCII.GetString(text)
                    .Split('\n')
                    .Select(l => l.TrimStart(' '))
                    .Where(l => l is not ("" or ['#', ..]))
                    .Order(StringComparer.Ordinal),
                RelayFile
                    .Shown(RelayFile.Read(Encoding.ASCII.GetString(text)))
                    .Split('\n')
                    .Where(l => l.Length > 0)
                    .Order(StringComparer.Ordinal)
            );
        }

        // A fuzzer that reaches one side alone proves nothing.
        Assert.InRange(accepted, 500, 19_000);
    }
}
