using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Effects in a few words. Neighbours that are opened or closed together are told as ranges.</summary>
public static class EffectWords
{
    private const int MaxCount = 6;

    /// <summary>A change in a few words. A rollback is called that, and not by all that it opens and closes.</summary>
    public static string Of(Change change) => Of(change.Line, change.Effects);

    /// <summary>Effects in a few words, by the line that proposes them.</summary>
    public static string Of(string line, ImmutableArray<Effect> effects) =>
        line.StartsWith("rollback to ", StringComparison.Ordinal)
            ? $"roll back to revision {line["rollback to ".Length..]} ({Counted(effects)})"
            : Of(effects);

    /// <summary>The words: <c>open tcp 19000-19009 -> vm1:9000-9009</c>.</summary>
    public static string Of(ImmutableArray<Effect> effects)
    {
        if (effects.IsEmpty)
            return "nothing";
        var parts = new List<string>();
        for (var i = 0; i < effects.Length; )
        {
            ImmutableArray<Effect> run = [.. effects.Skip(i).TakeWhile(e => IsToldWith(effects[i], e))];
            parts.Add(EventTypes.Of(run[0]).InWords(run));
            i += run.Length;
        }

        return parts.Count <= MaxCount
            ? string.Join("; ", parts)
            : $"{string.Join("; ", parts.Take(MaxCount))}; and {parts.Count - MaxCount} more";
    }

    /// <summary>How many of what: <c>opens 30, closes 2, 1 other step</c>.</summary>
    public static string Counted(ImmutableArray<Effect> effects)
    {
        var (opens, closes) = (effects.Count(e => e is ExposureOpened), effects.Count(e => e is ExposureClosed));
        var others = effects.Length - opens - closes;
        string?[] parts =
        [
            opens > 0 ? $"opens {opens}" : null,
            closes > 0 ? $"closes {closes}" : null,
            others > 0 ? Counts.Of(others, "other step") : null,
        ];
        return string.Join(", ", parts.OfType<string>().DefaultIfEmpty("nothing changes"));
    }

    private static bool IsToldWith(Effect first, Effect other) =>
        (first, other) switch
        {
            _ when ReferenceEquals(first, other) => true,
            (ExposureOpened one, ExposureOpened two) => one.Targets.Length == 1
                && two.Targets.Length == 1
                && one.Targets[0].Vm == two.Targets[0].Vm
                && one.Options == two.Options
                && one.Endpoint.Port?.Protocol == two.Endpoint.Port?.Protocol,
            (ExposureClosed, ExposureClosed) or (ExposureExtended, ExposureExtended) => true,
            _ => false,
        };

    internal static string OfAdded(Gateway gateway) =>
        $"add gateway {gateway.Name} at {string.Join(", ", gateway.Addresses)}{(gateway.Mirrors is { } other ? $", a mirror of {other}" : "")}{SettingsOf(gateway)}";

    /// <summary>A gateway that is reached in another way.</summary>
    public static string OfChanged(Gateway gateway) =>
        $"change gateway {gateway.Name}: at {string.Join(", ", gateway.Addresses)}, {TunnelOf(gateway)}{Comma(gateway.AccessWords)}"
        + (gateway.HostKey is { } key ? $", host key {key}" : "");

    internal static string OfOpened(ImmutableArray<ExposureOpened> run) =>
        $"open {Lists.Spoken(run.Select(o => o.Endpoint))} -> {TargetsOf(run)}{OptionsOf(run[0].Options)}";

    /// <summary>A peer that is let in.</summary>
    internal static string OfLetIn(PeerAdded peer) =>
        $"add peer {peer.Peer} at {peer.Address}{(peer.Routes is { } routes ? $", the way to {routes}" : "")}{OfPreshared(peer.Preshared)}";

    /// <summary>That there is a preshared key, of which nothing else is said.</summary>
    public static string OfPreshared(SealedKeys? preshared) => preshared is null ? "" : ", with a preshared key";

    /// <summary>An end: <c>for 2h</c>, <c>until ...</c>.</summary>
    public static string EndOf(DateTimeOffset? until, TimeSpan? length) =>
        length is { } time ? $"for {Durations.Text(time)}" : $"until {Lifetimes.Moment(until!.Value)}";

    private static string SettingsOf(Gateway gateway) =>
        Comma(gateway.AccessWords) + (TunnelOf(gateway) == TunnelOf(Usual(gateway)) ? "" : $", {TunnelOf(gateway)}");

    private static string TunnelOf(Gateway gateway) =>
        $"WireGuard {gateway.WireGuard}:{gateway.WireGuardPort}{(gateway.WireGuard6 is { } network ? $" and {network}" : "")}";

    private static Gateway Usual(Gateway gateway) => Gateway.WithDefaults(gateway.Name, gateway.Addresses, null, gateway.Mirrors);

    private static string Comma(string words) => words.Length == 0 ? "" : $",{words}";

    private static string TargetsOf(ImmutableArray<ExposureOpened> run) =>
        run.Length == 1 ? string.Join(',', run[0].Targets) : Lists.Text(run.Select(o => o.Targets[0]));

    private static string OptionsOf(ExposureOptions? options) =>
        options is null ? "" : options.Words + (options.Ends ? $" {EndOf(options.Until, options.For)}" : "");
}
