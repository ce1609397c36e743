using System.Globalization;

namespace ChatOps.Bench;

/// <summary>
/// How long connect() takes from the public side to the first and the last of many open ports, which our map leads to a VM; then the same
/// with a rule a port, as a chain that somebody wrote by hand would have them.
/// </summary>
internal sealed class LookupBenchmark(Lab lab, int exposures)
{
    private const int Connects = 400;
    private const int FirstRule = 40_000;

    // In turn, so that what else the machine does meets both. UDP ports are left out: there is nothing to wait for.
    private const string Client = """
        import socket, statistics, sys, time
        ports = [int(p) for p in sys.argv[1:3]]
        took = {p: [] for p in ports}
        for i in range(int(sys.argv[3])):
            for port in ports:
                with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as s:
                    began = time.perf_counter()
                    s.connect(("2001:db8::10", port))
                    took[port].append(time.perf_counter() - began)
        print(*[statistics.median(took[p]) * 1e6 for p in ports])
        """;

    private const string Rules = """
        BEGIN {
            print "table inet rules {\n chain prerouting {\n type nat hook prerouting priority dstnat - 10"
            for (i = 0; i < count; i++) print "meta nfproto ipv6 tcp dport " first + i " dnat ip6 to [400::100:0:0:2]:8080"
            print "}\n}"
        }
        """;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        // Of eight ports in turn the last two are UDP.
        var last = GivenEdge.FirstPort + exposures - 1;
        while ((last - GivenEdge.FirstPort) % 8 >= 6)
            last--;
        var (first, end) = await MeasureAsync(GivenEdge.FirstPort, last, cancel);
        report.Add(Named("connect() to the last of", "open ports"), Said(first, end), "within 10% of the first", end <= 1.1 * first);

        await lab.OnGatewayAsync(["sh", "-c", $"awk -v first={FirstRule} -v count={exposures} '{Rules}' | nft -f -"], cancel);
        (first, end) = await MeasureAsync(FirstRule, FirstRule + exposures - 1, cancel);
        report.Add(Named("the same with a rule a port,", "rules"), Said(first, end), "", true);
        await lab.OnGatewayAsync(["nft", "delete table inet rules"], cancel);
    }

    private async Task<(double First, double Last)> MeasureAsync(int first, int last, CancellationToken cancel)
    {
        var said = await lab.OnClientAsync(["python3", "-c", Client, $"{first}", $"{last}", $"{Connects}"], cancel);
        var medians = said.Split(' ').Select(m => double.Parse(m, CultureInfo.InvariantCulture)).ToArray();
        return (medians[0], medians[1]);
    }

    private string Named(string what, string of) => string.Create(CultureInfo.InvariantCulture, $"{what} {exposures:N0} {of}");

    private static string Said(double first, double last) =>
        string.Create(CultureInfo.InvariantCulture, $"median {last:0} us, the first {first:0} us");
}
