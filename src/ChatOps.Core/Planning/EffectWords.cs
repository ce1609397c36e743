using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;

namespace ChatOps.Core.Planning;

/// <summary>Effects in a few words. Neighbours that are opened or closed together are told as ranges.</summary>
internal static class EffectWords
{
    private const int Most = 6;

    /// <summary>The words: <c>open tcp 19000-19009 -> vm1:9000-9009</c>.</summary>
    public static string Of(ImmutableArray<Effect> effects)
    {
        if (effects.IsEmpty)
            return "nothing";
        var parts = new List<string>();
        for (var i = 0; i < effects.Length;)
        {
            var run = effects.Skip(i).TakeWhile(e => IsToldWith(effects[i], e)).ToList();
            parts.Add(InWords(run));
            i += run.Count;
        }

        return parts.Count <= Most ? string.Join("; ", parts) : $"{string.Join("; ", parts.Take(Most))}; and {parts.Count - Most} more";
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

    private static string InWords(List<Effect> run) =>
        run[0] switch
        {
            GatewayAdded e => $"add gateway {e.Gateway.Name} at {string.Join(", ", e.Gateway.Addresses)}{(e.Gateway.Mirrors is { } other ? $", a mirror of {other}" : "")}{SettingsOf(e.Gateway)}",
            GatewayChanged e => $"change gateway {e.Gateway.Name}: at {string.Join(", ", e.Gateway.Addresses)}, WireGuard {e.Gateway.WireGuard}:{e.Gateway.WireGuardPort}{Comma(e.Gateway.AccessWords)}{(e.Gateway.HostKey is { } key ? $", host key {key}" : "")}",
            GatewayRemoved => "remove the gateway",
            VmAdded e => $"add VM {e.Vm} at {string.Join(", ", e.Addresses)}",
            VmRemoved e => $"remove VM {e.Vm}",
            VmRenamed e => $"rename VM {e.Vm} to {e.To}",
            PeerAdded e => $"add peer {e.Peer} at {e.Address}",
            PeerRekeyed e => $"new key for peer {e.Peer}",
            PeerRenamed e => $"rename peer {e.Peer} to {e.To}",
            PeerRemoved e => $"remove peer {e.Peer}",
            ExposureOpened e => $"open {Lists.Spoken(run.Cast<ExposureOpened>().Select(o => o.Endpoint))} -> {TargetsOf(run, e)}{OptionsOf(e.Options)}",
            ExposureClosed => $"close {Lists.Spoken(run.Cast<ExposureClosed>().Select(o => o.Endpoint))}",
            ExposureExtended e => $"keep {Lists.Spoken(run.Cast<ExposureExtended>().Select(o => o.Endpoint))} open {EndOf(e.Until, e.For)}",
            RuleAdded e => e.Rule.ToString(),
            RuleRemoved e => $"no more: {e.Rule}",
            EdgeRepaired => "repair",
            _ => throw new InvalidOperationException($"no words for {run[0].GetType().Name}"),
        };

    private static string SettingsOf(Gateway gateway) =>
        Comma(gateway.AccessWords)
        + (gateway.WireGuard != Usual(gateway).WireGuard || gateway.WireGuardPort != Usual(gateway).WireGuardPort ? $", WireGuard {gateway.WireGuard}:{gateway.WireGuardPort}" : "");

    private static Gateway Usual(Gateway gateway) => Gateway.WithDefaults(gateway.Name, gateway.Addresses, null, gateway.Mirrors);

    private static string Comma(string words) => words.Length == 0 ? "" : $",{words}";

    private static string TargetsOf(List<Effect> run, ExposureOpened first) =>
        run.Count == 1 ? string.Join(',', first.Targets) : Lists.Text(run.Cast<ExposureOpened>().Select(o => o.Targets[0]));

    private static string OptionsOf(ExposureOptions? options) =>
        options is null ? "" : options.Words + (options.Ends ? $" {EndOf(options.Until, options.For)}" : "");

    private static string EndOf(DateTimeOffset? until, TimeSpan? length) =>
        length is { } time ? $"for {Durations.Text(time)}" : $"until {Lifetimes.Moment(until!.Value)}";
}
