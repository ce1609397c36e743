using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery.Answers;

/// <summary>
/// Reads what the gateway's program prints: one JSON object, <c>"ok":true</c> or <c>"ok":false</c>. Members that are not known are ignored;
/// one that is missing, and anything but JSON, is a <see cref="GatewayAnswerException"/> that shows what came.
/// </summary>
internal static class GatewayAnswers
{
    private static readonly ImmutableSortedDictionary<string, int> _noSteps = ImmutableSortedDictionary<string, int>.Empty;

    private const string StepStart = "{\"step\":\"";
    private const string StepEnd = "\"}";

    /// <summary>The step that a line of progress names; null when it is not one. Exactly <c>{"step":"NAME"}</c>.</summary>
    public static string? Step(string line) =>
        line.StartsWith(StepStart, StringComparison.Ordinal)
        && line.EndsWith(StepEnd, StringComparison.Ordinal)
        && line[StepStart.Length..^StepEnd.Length] is var name
        && name.All(char.IsAsciiLetterLower)
            ? name
            : null;

    /// <summary>The answer to <c>apply</c>.</summary>
    public static GatewayAnswer Apply(string output) => Read(output, AnswerContext.Default.AppliedJson, a => new GatewayAnswer.Done(
            Silent(a.Targets),
            a.Ms.ToImmutableSortedDictionary()
        )
        {
            Answering = Answering(a.Targets),
            Stopped = Standing(a.Stopped, output),
            Certificates = Certificates(a.Certificates),
        });

    /// <summary>The answer to <c>confirm</c>.</summary>
    public static GatewayAnswer Confirm(string output) =>
        Read(output, AnswerContext.Default.ConfirmedJson, a => new GatewayAnswer.Done([], _noSteps) { Age = TimeSpan.FromSeconds(a.AgeS) });

    /// <summary>The answer to <c>revert</c>.</summary>
    public static GatewayAnswer Revert(string output) =>
        Read(output, AnswerContext.Default.RevertedJson, _ => new GatewayAnswer.Done([], _noSteps));

    /// <summary>The answer to <c>version</c>: the protocol that is spoken there; 0 where the question is not known.</summary>
    public static int Protocol(string output) =>
        Parse(output, AnswerContext.Default.OkJson).Ok ? Parse(output, AnswerContext.Default.VersionJson).Protocol : 0;

    /// <summary>The answer to <c>observe</c>.</summary>
    public static GatewayObservation Observe(string output) => Observation(output, Asked(output, AnswerContext.Default.ObservedJson));

    /// <summary>The answer to <c>drift</c>.</summary>
    public static ImmutableArray<Drift> Drift(string output) =>
        [.. Asked(output, AnswerContext.Default.DriftedJson).Drift.Select(d => new Drift(d.What, d.Diff))];

    /// <summary>The answer to <c>stats</c>.</summary>
    public static GatewayStats Stats(string output) => StatsAnswer.Read(Asked(output, AnswerContext.Default.StatsJson), output);

    // A question cannot be refused, at most come at the wrong moment: "ok":false is an exception here.
    private static T Asked<T>(string output, JsonTypeInfo<T> type)
    {
        if (Parse(output, AnswerContext.Default.OkJson).Ok)
            return Parse(output, type);
        var failure = Parse(output, AnswerContext.Default.FailureJson);
        throw failure.Code == "busy"
            ? new GatewayUnreachableException($"the gateway is busy: {GatewayAnswerException.Excerpt(failure.Error)}")
            : new GatewayAnswerException($"the gateway could not say how it is: {GatewayAnswerException.Excerpt(output)}");
    }

    private static GatewayAnswer Read<T>(string output, JsonTypeInfo<T> success, Func<T, GatewayAnswer> done) =>
        Parse(output, AnswerContext.Default.OkJson).Ok
            ? done(Parse(output, success))
            : Refused(Parse(output, AnswerContext.Default.FailureJson));

    private static T Parse<T>(string output, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(output, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            var came = GatewayAnswerException.Excerpt(output);
            throw new GatewayAnswerException(
                $"the gateway's answer is not the expected JSON ({GatewayAnswerException.Excerpt(e.Message)}): {came}",
                e
            );
        }
    }

    private static ImmutableArray<string> Silent(TargetJson[]? targets) =>
        [.. (targets ?? []).Where(t => !t.Answers).Select(t => $"vm target {t.Target} does not answer yet")];

    private static ImmutableArray<string> Answering(TargetJson[]? targets) =>
        [.. (targets ?? []).Where(t => t.Answers).Select(t => t.Target)];

    private static ImmutableArray<CertificateSeen> Certificates(CertificateJson[]? seen) =>
        [
            .. (seen ?? []).Select(c => new CertificateSeen(
                GatewayAnswerException.Excerpt(c.Name),
                c.Host.Length == 0 ? "" : GatewayAnswerException.Excerpt(c.Host),
                DateTimeOffset.FromUnixTimeSeconds(c.Begins),
                DateTimeOffset.FromUnixTimeSeconds(c.Ends),
                c.Covers
            )),
        ];

    // What no line can name is no certificate of ours.
    private static ImmutableArray<HeldCertificate>? Held(HeldCertificateJson[]? held) =>
        held is null
            ? null
            :
            [
                .. held.Where(c => Name<Certificate>.TryParse(c.Name, out _))
                    .Select(c => new HeldCertificate(
                        Text.Parse<Name<Certificate>>(c.Name),
                        [.. c.Hosts.Select(GatewayAnswerException.Excerpt)],
                        DateTimeOffset.FromUnixTimeSeconds(c.Begins),
                        DateTimeOffset.FromUnixTimeSeconds(c.Ends)
                    )),
            ];

    private static ImmutableArray<Standing> Standing(StandingJson[]? standing, string output) =>
        [
            .. (standing ?? []).Select(s => new Standing(
                s.Port == 0 ? null
                    : Port.TryParse($"{s.Port}", out var port)
                        ? new PublicPort(s.Protocol == "udp" ? Core.Domain.Values.Protocol.Udp : Core.Domain.Values.Protocol.Tcp, port)
                    : throw Wrong("port", output),
                s.Family == 6 ? Family.IPv6 : Family.IPv4,
                s.Taken,
                GatewayAnswerException.Excerpt(s.By)
            )),
        ];

    /// <summary>
    /// A refusal says what runs. Where the program had not even looked, nothing was done: a held lock is a gateway that cannot be had now,
    /// anything else (no disk, never set up) is for the engineer.
    /// </summary>
    private static GatewayAnswer.Refused Refused(FailureJson said)
    {
        // What nginx and nft say spans lines; other control characters would only disturb whoever reads it.
        var error = string.Concat(said.Error.Where(c => c == '\n' || !char.IsControl(c))).Trim();
        if (said.File is { Length: > 0 } file && !error.Contains(file, StringComparison.Ordinal))
            error = $"{file}: {error}";
        return said.Running is { } running
                ? new GatewayAnswer.Refused(said.Step, said.Code ?? "", error, new Revision(running)) { Highest = Highest(said.Highest) }
            : said.Code == "busy" ? throw new GatewayUnreachableException($"the gateway is busy: {error}")
            : throw new GatewayAnswerException($"the gateway failed while {said.Step}, before it had looked what runs: {error}");
    }

    private static GatewayObservation Observation(string output, ObservedJson said) =>
        new(
            new Revision(said.Running),
            new Revision(said.Confirmed),
            said.Boot,
            TimeSpan.FromSeconds(said.UptimeS),
            LoadOf(said.Load, output),
            said.Services.ToImmutableSortedDictionary(),
            (said.Peers ?? [])
                .Where(p => p.Handshake > 0)
                .ToImmutableDictionary(p => p.Key, p => DateTimeOffset.FromUnixTimeSeconds(p.Handshake)),
            said.Conntrack.Count,
            said.Conntrack.Max,
            Key(said.WireguardPublicKey, output),
            said.Mycelium is { } text && Address.TryParse(text, out var overlay) ? overlay : null,
            said.Time is { } time ? DateTimeOffset.FromUnixTimeSeconds(time) : null,
            said.Unfinished,
            InTheWay: Standing(said.InTheWay, output),
            Certificates: Certificates(said.Certificates),
            Highest: Highest(said.Highest),
            Held: Held(said.HeldCertificates)
        );

    // What is further than we count is as far as we count.
    private static Revision Highest(long said) => new((int)Math.Clamp(said, 0, int.MaxValue - 1));

    /// <summary>The load average of the last minute, times 100.</summary>
    internal static int LoadOf(double[] load, string output) =>
        load is [var lastMinute, ..] ? (int)Math.Round(lastMinute * 100) : throw Wrong("load", output);

    private static WireGuardKey? Key(string? text, string output) =>
        text is null or "" ? null
        : WireGuardKey.TryParse(text, out var key) ? key
        : throw Wrong("wireguard_public_key", output);

    internal static GatewayAnswerException Wrong(string member, string output) =>
        new($"the gateway's answer has a {member} that cannot be read: {GatewayAnswerException.Excerpt(output)}");
}
