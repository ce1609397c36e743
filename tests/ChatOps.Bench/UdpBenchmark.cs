using System.Globalization;

namespace ChatOps.Bench;

/// <summary>
/// A datagram from an IPv4 client to an IPv6-only VM and the answer back: by the gateway's relay, and by nginx's stream module in its
/// place, in turn. What the gateway computes for it is what the service's control group says.
/// </summary>
internal sealed class UdpBenchmark(Lab lab, int port)
{
    private const int Exchanges = 4_000,
        Turns = 3;

    // What the relay's unit has and each system call pays for, so that engines are compared and not units.
    private const string Sandbox =
        "-p SystemCallFilter=@system-service -p SystemCallArchitectures=native -p NoNewPrivileges=yes -p RestrictNamespaces=yes -p LockPersonality=yes -p RestrictSUIDSGID=yes";

    private const string Client = """
        import socket, statistics, sys, time
        took = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.connect(("203.0.113.10", int(sys.argv[1])))
            for i in range(int(sys.argv[2])):
                began = time.perf_counter()
                s.send(b"x" * 200)
                s.recv(2048)
                took.append(time.perf_counter() - began)
        print(statistics.median(took) * 1e6)
        """;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await lab.OnGatewayAsync(
            [
                "sh",
                "-c",
                $"echo 'load_module /usr/lib/nginx/modules/ngx_stream_module.so; pid /run/bench-nginx.pid; error_log stderr; events {{ worker_connections 4096; }} stream {{ server {{ listen 0.0.0.0:{port} udp; proxy_pass [400::100:0:0:2]:5353; }} }}' >/run/bench-nginx.conf",
            ],
            cancel
        );
        var (ours, theirs) = (new List<(double Took, double Cpu)>(), new List<(double Took, double Cpu)>());
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(await MeasureAsync("chatops-udprelay", cancel));
            await lab.OnGatewayAsync(
                [
                    "sh",
                    "-c",
                    $"systemctl stop chatops-udprelay; systemd-run -q --unit=bench-nginx {Sandbox} nginx -c /run/bench-nginx.conf -g 'daemon off;'",
                ],
                cancel
            );
            theirs.Add(await MeasureAsync("bench-nginx", cancel));
            await lab.OnGatewayAsync(["sh", "-c", "systemctl stop bench-nginx; systemctl start chatops-udprelay"], cancel);
        }

        var (own, other) = (Middle(ours), Middle(theirs));
        report.Add("UDP to an IPv6-only VM and back", Said(own), "", true);
        report.Add(
            "the same by nginx's stream module",
            Said(other),
            $"ours at most 1.2 times it: {own.Took / other.Took:0.00}, CPU {own.Cpu / other.Cpu:0.00}",
            own.Took <= 1.2 * other.Took
        );
    }

    private async Task<(double Took, double Cpu)> MeasureAsync(string unit, CancellationToken cancel)
    {
        // The first ones find the way.
        await ExchangeAsync(200, cancel);
        var before = await CpuAsync(unit, cancel);
        var took = await ExchangeAsync(Exchanges, cancel);
        return (took, (await CpuAsync(unit, cancel) - before) / Exchanges);
    }

    private async Task<double> ExchangeAsync(int count, CancellationToken cancel) =>
        double.Parse(await lab.OnClientAsync(["python3", "-c", Client, $"{port}", $"{count}"], cancel), CultureInfo.InvariantCulture);

    private async Task<double> CpuAsync(string unit, CancellationToken cancel) =>
        double.Parse(
            await lab.OnGatewayAsync(["sed", "-n", "s/^usage_usec //p", $"/sys/fs/cgroup/system.slice/{unit}.service/cpu.stat"], cancel),
            CultureInfo.InvariantCulture
        );

    private static (double Took, double Cpu) Middle(List<(double Took, double Cpu)> turns) =>
        turns.OrderBy(t => t.Took).ElementAt(Turns / 2);

    private static string Said((double Took, double Cpu) one) =>
        string.Create(CultureInfo.InvariantCulture, $"median {one.Took:0} us, {one.Cpu:0} us of CPU on the gateway");
}
