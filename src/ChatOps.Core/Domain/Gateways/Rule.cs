using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>
/// Something that holds on a gateway besides its exposures. Its written form is the command that makes it: what people type, what the log
/// stores and what <c>rules</c> lists are one text, but for a limit for all, which is stored as it was before there was another one.
/// </summary>
[JsonConverter(typeof(RuleJsonConverter))]
public abstract record Rule : IText<Rule>
{
    private Rule() { }

    /// <summary>What there can be only one of: <c>limit 80</c>, <c>map 203.0.113.11</c>.</summary>
    public abstract string Key { get; }

    /// <summary>What it does, in half a sentence.</summary>
    public abstract string InWords { get; }

    /// <summary>The VM that it is about, or null.</summary>
    public virtual Name<Vm>? About => null;

    /// <summary>The same rule about another VM; a rule that is about none stays as it is.</summary>
    public virtual Rule For(Name<Vm> vm) => this;

    /// <summary>The public port that it is about, or null.</summary>
    public virtual PublicPort? OnPort => null;

    /// <inheritdoc/>
    public static string Expected => "a rule as \"rules\" lists it, such as limit 80 or block 203.0.113.66";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Rule value)
    {
        value = Read(text.Split(' '))!;
        return value is not null;
    }

    /// <inheritdoc/>
    public abstract override string ToString();

    internal virtual string Stored => ToString();

    private static Rule? Read(string[] words) =>
        words switch
        {
            ["allow", var vm, "out"] when Name<Vm>.TryParse(vm, out var name) => new Egress(name),
            ["allow", var from, "to", var port] when Network.TryParse(from, out var network) && PublicPort.TryParse(port, out var to) =>
                new Admission(network, to),
            ["map", var address, "to", var vm] when Address.TryParse(address, out var outside) && Name<Vm>.TryParse(vm, out var name) =>
                new Mapping(outside, name),
            ["snat", var vm, "from", var pool] when Name<Vm>.TryParse(vm, out var name) && SourcePool.TryParse(pool, out var from) =>
                new SourceNat(name, from),
            ["limit", var port, "to", var rate] when PublicPort.TryParse(port, out var to) && Rate.TryParse(rate, out var most) =>
                new RateLimit(to, most, RateScope.All),
            ["limit", var port, "to", var rate, "for", var whom]
                when PublicPort.TryParse(port, out var to) && Rate.TryParse(rate, out var most) && RateScopes.Read(whom) is { } scope =>
                new RateLimit(to, most, scope),
            ["block", var from] when Network.TryParse(from, out var network) => new Block(network),
            _ => null,
        };

    /// <summary>A VM may open connections to the internet.</summary>
    public sealed record Egress(Name<Vm> Vm) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"allow {Vm} out";

        /// <inheritdoc/>
        public override string InWords => $"{Vm} may open connections to the internet";

        /// <inheritdoc/>
        public override Name<Vm>? About => Vm;

        /// <inheritdoc/>
        public override Rule For(Name<Vm> vm) => this with { Vm = vm };

        /// <inheritdoc/>
        public override string ToString() => Key;
    }

    /// <summary>Only such networks reach a port: the first of them shuts all others out.</summary>
    public sealed record Admission(Network From, PublicPort To) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"allow {From} to {To}";

        /// <inheritdoc/>
        public override string InWords => $"{From} reaches {To.Spoken}; who is in no such rule for it does not";

        /// <inheritdoc/>
        public override PublicPort? OnPort => To;

        /// <inheritdoc/>
        public override string ToString() => Key;
    }

    /// <summary>A further public address and a VM stand for each other, both ways, all ports (1:1 NAT).</summary>
    public sealed record Mapping(Address Public, Name<Vm> Vm) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"map {Public}";

        /// <inheritdoc/>
        public override string InWords => $"everything to {Public} goes to {Vm}, and {Vm} goes out as {Public}";

        /// <inheritdoc/>
        public override Name<Vm>? About => Vm;

        /// <inheritdoc/>
        public override Rule For(Name<Vm> vm) => this with { Vm = vm };

        /// <inheritdoc/>
        public override string ToString() => $"map {Public} to {Vm}";
    }

    /// <summary>What a VM opens to the internet comes from these public addresses and ports.</summary>
    public sealed record SourceNat(Name<Vm> Vm, SourcePool From) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"snat {Vm}";

        /// <inheritdoc/>
        public override string InWords => $"connections of {Vm} to the internet come from {From}";

        /// <inheritdoc/>
        public override Name<Vm>? About => Vm;

        /// <inheritdoc/>
        public override Rule For(Name<Vm> vm) => this with { Vm = vm };

        /// <inheritdoc/>
        public override string ToString() => $"snat {Vm} from {From}";
    }

    /// <summary>
    /// At most so many new connections (UDP: flows) come to a port, from each source or from all of them; the rest is dropped.
    /// </summary>
    public sealed record RateLimit(PublicPort Port, Rate Rate, RateScope Scope) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"limit {Port}";

        /// <inheritdoc/>
        public override string InWords =>
            Scope == RateScope.Each
                ? $"{Port.Spoken} takes {NewConnections} from each source (an IPv4 address, an IPv6 /64), and drops more"
                : $"{Port.Spoken} takes {NewConnections} from all sources together, and drops more";

        private string NewConnections => $"{Counts.Of(Rate.Count, "new connection")} {(Rate.Per == "hour" ? "an" : "a")} {Rate.Per}";

        /// <inheritdoc/>
        public override PublicPort? OnPort => Port;

        /// <inheritdoc/>
        public override string ToString() => $"limit {Port} to {Rate} for {Scope.Word()}";

        // Without a word it meant all, in logs from before there was a word; a line that is typed means each.
        internal override string Stored => Scope == RateScope.All ? $"limit {Port} to {Rate}" : ToString();
    }

    /// <summary>Nothing from there gets in, to no port; what runs is cut.</summary>
    public sealed record Block(Network From) : Rule
    {
        /// <inheritdoc/>
        public override string Key => $"block {From}";

        /// <inheritdoc/>
        public override string InWords => $"nothing from {From} gets in";

        /// <inheritdoc/>
        public override string ToString() => Key;
    }
}

/// <summary>Stores a rule as a JSON string.</summary>
internal sealed class RuleJsonConverter : JsonConverter<Rule>
{
    private static readonly TextJsonConverter<Rule> Texts = new();

    /// <inheritdoc/>
    public override Rule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Texts.Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Rule value, JsonSerializerOptions options) => writer.WriteStringValue(value.Stored);
}

/// <summary>Public addresses, and the source ports to use on them: <c>203.0.113.12-203.0.113.13:30000-40000</c>.</summary>
/// <param name="Ports">The ports; null for any.</param>
public readonly record struct SourcePool(AddressRange Addresses, PortRange? Ports) : IText<SourcePool>
{
    /// <inheritdoc/>
    public static string Expected => "addresses with or without ports, such as 203.0.113.12-203.0.113.13:30000-40000";

    /// <inheritdoc/>
    public static bool TryParse(string text, out SourcePool value)
    {
        value = default;
        // IPv6 addresses have colons of their own, so with ports they stand in brackets.
        var (addresses, ports) =
            text.StartsWith('[') && text.LastIndexOf("]:", StringComparison.Ordinal) is var end and > 0 ? (text[1..end], text[(end + 2)..])
            : text.Count(c => c == ':') == 1 ? (text[..text.IndexOf(':')], text[(text.IndexOf(':') + 1)..])
            : (text, null);
        if (!AddressRange.TryParse(addresses, out var range))
            return false;
        PortRange? some = null;
        if (ports is not null)
        {
            if (!PortRange.TryParse(ports, out var read))
                return false;
            some = read;
        }

        value = new SourcePool(range, some);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        (Addresses.First.Family, Ports) switch
        {
            (_, null) => Addresses.ToString(),
            (Family.IPv6, { } ports) => $"[{Addresses}]:{ports}",
            (_, { } ports) => $"{Addresses}:{ports}",
        };
}

/// <summary>A number in a length of time: <c>100/second</c>.</summary>
/// <param name="Count">How many, 1 to 1,000,000.</param>
/// <param name="Per"><c>second</c>, <c>minute</c> or <c>hour</c>.</param>
public readonly record struct Rate(int Count, string Per) : IText<Rate>
{
    /// <inheritdoc/>
    public static string Expected => "a rate, such as 100/second, 30/minute or 10/hour";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Rate value)
    {
        value = default;
        if (
            text.Split('/') is not [var count, var per]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return false;
        var unit = per.ToLowerInvariant() switch
        {
            "second" or "sec" or "s" => "second",
            "minute" or "min" or "m" => "minute",
            "hour" or "h" => "hour",
            _ => null,
        };
        value = unit is null ? default : new Rate(number, unit);
        return number is >= 1 and <= 1_000_000 && unit is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}/{Per}");
}
