using System.Globalization;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What passes through a gateway and its ports right now: the growth between the last two samples.</summary>
internal sealed class Rates
{
    private static readonly string[] Thousands = ["", " k", " M", " G"];

    private readonly Dictionary<PublicPort, RatePicture> _ports = [];
    private readonly LastTraffic? _traffic;

    public Rates(IHealthBoard board, Name<Gateway> gateway)
    {
        _traffic = board.TrafficOf(gateway);
        if (board.SamplesOf(gateway) is not [.., var before, var last])
            return;
        var packets = Growth.ByPort(before, last, p => p.In.Packets + p.Out.Packets);
        var bytes = Growth.ByPort(before, last, p => p.In.Bytes + p.Out.Bytes);
        var open = 0;
        foreach (var port in last.Stats.Ports.GroupBy(p => p.Port))
        {
            var total = Traffic.Sum(port);
            open += total.Open;
            var isUsed = total.In.Packets + total.Out.Packets > 0;
            _ports[port.Key] = Of(packets[port.Key].Rate, bytes[port.Key].Rate, total.Open, isUsed);
        }

        All = Of(packets.Values.Sum(g => g.Rate), bytes.Values.Sum(g => g.Rate), open, open > 0);
    }

    /// <summary>Of all ports; null when it is not known.</summary>
    public RatePicture? All { get; }

    /// <summary>Since when packets are counted; null before the first sample.</summary>
    public DateTimeOffset? CountedSince => _traffic?.Since;

    /// <summary>Of one port; null when it is not known, or nothing has passed since its counters began.</summary>
    /// <param name="opened">When it was opened; null when that is not known.</param>
    public RatePicture? Of(PublicPort port, DateTimeOffset? opened)
    {
        var (rate, seen) = (_ports.GetValueOrDefault(port), _traffic?.SeenAt(port, opened));
        return seen is null ? rate : (rate ?? Of(0, 0, 0, true)) with { Seen = seen, IsUsed = true };
    }

    private static RatePicture Of(double packets, double bytes, int open, bool isUsed) =>
        new(
            Math.Round(packets, 1),
            $"{Counts.Of(Short(packets), "packet")}/s, {Sizes.Of(bytes)}/s, {Counts.Of(open, "connection")} open",
            null,
            isUsed
        );

    private static string Short(double number)
    {
        var unit = 0;
        for (; number >= 1000 && unit < Thousands.Length - 1; unit++)
            number /= 1000;
        return number.ToString(unit > 0 && number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + Thousands[unit];
    }
}
