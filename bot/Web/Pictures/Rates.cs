using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Replies;
using ChatOps.Core.Ports;
using ChatOps.Core.Statistics;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What passes through ports right now: the growth between the last two samples.</summary>
internal sealed class Rates(ImmutableArray<StatsSample> samples)
{
    private static readonly string[] Thousands = ["", " k", " M", " G"];

    private readonly ImmutableArray<StatsSample> _last = samples.Length < 2 ? [] : samples[^2..];

    /// <summary>Of all ports.</summary>
    public RatePicture? OfAll() => Of(_ => true);

    /// <summary>Of some ports; null when it is not known.</summary>
    public RatePicture? Of(ISet<PublicPort> ports) => Of(p => ports.Contains(p.Port));

    private RatePicture? Of(Func<PortStats, bool> isMeant)
    {
        if (_last.IsEmpty)
            return null;
        var packets = Growth.Of(_last, isMeant, p => p.In.Packets + p.Out.Packets)[^1].Rate;
        var bytes = Growth.Of(_last, isMeant, p => p.In.Bytes + p.Out.Bytes)[^1].Rate;
        var open = _last[^1].Stats.Ports.Where(isMeant).Sum(p => p.Open);
        return new(Math.Round(packets, 1), $"{Short(packets)} packets/s, {Sizes.Of(bytes)}/s, {open.ToString(CultureInfo.InvariantCulture)} open");
    }

    private static string Short(double number)
    {
        var unit = 0;
        for (; number >= 1000 && unit < Thousands.Length - 1; unit++)
            number /= 1000;
        return number.ToString(unit > 0 && number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + Thousands[unit];
    }
}
