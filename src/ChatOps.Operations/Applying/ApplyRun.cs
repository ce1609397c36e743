using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Applying;

/// <summary>One try of what is brought to a gateway together.</summary>
internal sealed class ApplyRun(ApplyTools tools, GatewayState state, Batch batch)
{
    private readonly Dictionary<string, int> _steps = [];

    private const string Left =
        "all that runs on the machine stays there until somebody takes it away: ssh root@ADDRESS sh -s <infra/gateway/uninstall";

    private Change Head => batch.Changes[0].Change;

    /// <summary>When the gateway has confirmed it, by our clock; what is open for a length of time is so from then on.</summary>
    public DateTimeOffset Opened { get; private set; }

    /// <summary>True when the gateway has taken the number, so that it takes nothing with a lower one any more.</summary>
    public bool HasNumber { get; private set; }

    /// <summary>What the gateway was offered already, when that is later and this was refused for it.</summary>
    public Revision? Offered { get; private set; }

    /// <summary>
    /// Either a <see cref="ChangeApplied"/> of each, in their order, or one <see cref="ChangeFailed"/> for all; the gateway runs what it
    /// says.
    /// </summary>
    public async Task<ImmutableArray<GatewayEvent>> RunAsync(CancellationToken cancel)
    {
        var began = tools.Clock.GetTimestamp();
        if (state.Reachable(Effects) is not { } gateway)
        {
            _steps["total"] = Milliseconds(began);
            return
            [
                new ChangeApplied(
                    Head.Number,
                    batch.Revision,
                    ConfigHash.Of(new Dictionary<string, string>()),
                    _steps.ToImmutableSortedDictionary(),
                    [Left]
                ),
            ];
        }

        if (Effects.Any(e => e is GatewayChanged) && await NotThereAsync(gateway, cancel) is { } why)
            return [Failed("connecting", why)];
        IReadOnlyDictionary<string, string> files;
        try
        {
            Report(ApplyStep.Rendering);
            using var span = Spans.Step("gateway.render");
            files = Timed("rendering", () => tools.Renderer.Render(batch.After));
        }
        catch (TemplateException e)
        {
            return [Failed("rendering", e.Message)];
        }

        try
        {
            return await DeliverAsync(gateway, files, began, cancel);
        }
        catch (Exception e) when (e is HostKeyMismatchException or GatewayProtocolException)
        {
            return [Failed("connecting", e.Message)];
        }
    }

    private IEnumerable<Effect> Effects => batch.Changes.SelectMany(c => c.Change.Effects);

    // A place that is typed wrongly would be waited for for ever, and everything after it.
    private async Task<string?> NotThereAsync(Gateway gateway, CancellationToken cancel)
    {
        try
        {
            await tools.Shell.ObserveAsync(gateway, cancel);
            return null;
        }
        catch (Exception e) when (e is GatewayUnreachableException or HostKeyMismatchException)
        {
            return e.Message;
        }
    }

    private async Task<ImmutableArray<GatewayEvent>> DeliverAsync(
        Gateway gateway,
        IReadOnlyDictionary<string, string> files,
        long began,
        CancellationToken cancel
    )
    {
        Task? proof = null;
        GatewayAnswer answer;
        using (Spans.Step("gateway.switch"))
            answer = await tools.Shell.ApplyAsync(
                gateway,
                batch.Revision,
                tools.Options.RevertAfter,
                files,
                batch.IsRepair,
                OnStep,
                cancel
            );
        if (answer is not GatewayAnswer.Done done)
            return [Failed((GatewayAnswer.Refused)answer)];
        foreach (var (name, milliseconds) in done.Steps)
            _steps[name] = milliseconds;

        Report(ApplyStep.Verifying);
        var verifying = tools.Clock.GetTimestamp();
        try
        {
            using var span = Spans.Step("gateway.verify");
            await (proof ?? tools.Shell.ProveNewConnectionAsync(gateway, cancel));
        }
        catch (Exception e) when (e is GatewayUnreachableException or HostKeyMismatchException)
        {
            return [await TakeBackAsync(gateway, e.Message, cancel)];
        }

        _steps["verifying"] = Milliseconds(verifying);
        var confirming = tools.Clock.GetTimestamp();
        using (Spans.Step("gateway.confirm"))
        {
            var confirmed = await tools.Shell.ConfirmAsync(gateway, batch.Revision, cancel);
            if (confirmed is GatewayAnswer.Refused refused)
                return [Failed(refused)];

            // An earlier attempt may have confirmed it and died before it could say so.
            Opened = tools.Clock.GetUtcNow() - ((GatewayAnswer.Done)confirmed).Age;
        }

        _steps["confirming"] = Milliseconds(confirming);
        _steps["total"] = Milliseconds(began);
        var (hash, steps) = (ConfigHash.Of(files), _steps.ToImmutableSortedDictionary());
        return
        [
            .. batch.Changes.Select(c => Seen(new(c.Change.Number, c.Revision, hash, steps, NotesOf(c, done.Notes)), c, done, gateway)),
        ];

        void OnStep(string name)
        {
            if (name == "validating")
                Report(ApplyStep.Validating);
            else if (name == "switching")
            {
                HasNumber = true;
                Report(ApplyStep.Switching);
            }
            else if (name == "checking")
                // The new rules are in force: a new connection can be tried while the gateway still cuts flows and asks targets.
                proof = tools.Shell.ProveNewConnectionAsync(gateway, cancel);
        }
    }

    private void Report(ApplyStep step)
    {
        foreach (var (change, _) in batch.Changes)
            tools.Progress.Report(state.Name, change.Number, step);
    }

    // What the gateway saw of a target belongs to the changes that lead there.
    private ImmutableArray<string> NotesOf(Numbered one, ImmutableArray<string> notes)
    {
        if (batch.Changes.Length == 1)
            return notes;
        var targets =
            from opened in one.Change.Effects.OfType<ExposureOpened>()
            from target in opened.Targets
            from text in TextsOf(target)
            select $" {text} ";
        return
        [
            .. notes.Where(n => targets.Any(t => n.Contains(t, StringComparison.Ordinal))),
            $"brought there together with {batch.Changes.Length - 1} more, as revision {batch.Revision}",
        ];
    }

    private IEnumerable<string> TextsOf(VmEndpoint target) =>
        batch.After.Vms[target.Vm].Addresses.Select(a => new Socket(a, target.Port).ToString());

    // Where somebody answered, who does not get to what a change has opened, and which of its certificates browsers do not take, or soon
    // will not.
    private ChangeApplied Seen(ChangeApplied applied, Numbered one, GatewayAnswer.Done done, Gateway gateway)
    {
        var now = tools.Clock.GetUtcNow();
        var opened = one.Change.Effects.OfType<ExposureOpened>().ToList();
        var ports = opened.SelectMany(e => Exposure.PortsOf(e.Endpoint, e.Options ?? ExposureOptions.None)).ToHashSet();
        var mapped = one.Change.Effects.Select(e => (e as RuleAdded)?.Rule).OfType<Rule.Mapping>().Select(m => m.Public.Family).ToHashSet();
        var standing = done.Stopped.Where(s => s.Port is { } port ? ports.Contains(port) : mapped.Contains(s.Family)).ToList();
        var certificates = done
            .Certificates.Where(c => opened.Any(e => c.IsOfWeb ? e.Endpoint.Web?.Host == c.Host : $"{e.Options?.Certificate}" == c.Name))
            .ToList();
        ImmutableArray<StoppedClients> stopped =
        [
            .. standing.Where(s => s.Port is not null).Select(s => new StoppedClients(s.Port!.Value, s.Family, s.By)),
            .. from certificate in certificates
            where certificate.IsOfWeb && certificate.WhyRefused(now) is not null
            from family in gateway.Families
            select new StoppedClients(WebPorts.Https, family, certificate.WhyRefused(now)!),
        ];
        return applied with
        {
            Notes =
            [
                .. applied.Notes,
                .. standing.Select(s => s.InWords),
                .. certificates.Select(c => c.Trouble(now)).OfType<string>().Distinct(),
            ],
            Stopped = stopped.IsEmpty ? null : stopped,
            IsOnFileOnly = done.IsOnFileOnly,
            Answered =
            [
                .. opened
                    .Where(e =>
                        e.Endpoint.Port is not { Protocol: Protocol.Udp } && e.Targets.SelectMany(TextsOf).Any(done.Answering.Contains)
                    )
                    .Select(e => e.Endpoint),
            ],
        };
    }

    // New connections do not come through, so the revision must not stay. The open connection may still work; if not, the gateway's own
    // timer does the same. Either way the log may only say what was seen: that another revision runs.
    private async Task<GatewayEvent> TakeBackAsync(Gateway gateway, string why, CancellationToken cancel)
    {
        var deadline = tools.Clock.GetUtcNow() + tools.Options.RevertAfter + tools.Options.RevertGrace;
        while (true)
        {
            try
            {
                var isByUs = await tools.Shell.RevertAsync(gateway, cancel) is GatewayAnswer.Done;
                var seen = await tools.Shell.ObserveAsync(gateway, cancel);
                if (seen.Running != batch.Revision)
                {
                    var by = isByUs ? "the old configuration was put back" : $"{gateway.Name} put revision {seen.Running} back by itself";
                    return Failed("verifying", $"{why}; {by}", seen.Running);
                }

                // An earlier attempt has verified and confirmed it and died before it could say so: it stays, and is verified again later.
                if (seen.Confirmed == batch.Revision || tools.Clock.GetUtcNow() >= deadline)
                    throw new NotTakenBackException($"{why}; {gateway.Name} still runs revision {batch.Revision}");
            }
            catch (GatewayUnreachableException e) when (e is not NotTakenBackException && tools.Clock.GetUtcNow() < deadline)
            {
                // Asked again below, until its timer must have run out.
            }

            await Task.Delay(TimeSpan.FromSeconds(1), tools.Clock, cancel);
        }
    }

    private ChangeFailed Failed(GatewayAnswer.Refused refused)
    {
        // What an attempt that was killed has brought there, of which more has come since.
        HasNumber |= refused.Code == "conflict";
        if (refused.Code is "stale" or "reverted" && refused.Highest.CompareTo(batch.Revision) > 0)
            Offered = refused.Highest;
        return refused.Code == "busy" ? throw new GatewayUnreachableException($"{state.Name} is busy: {refused.Error}")
            : refused.Code == "drift" ? Failed("looking for drift", $"{refused.Error}; repair {state.Name} first", refused.Running)
            : Failed(refused.Step, refused.Error, refused.Running);
    }

    private ChangeFailed Failed(string stepName, string error, Revision? running = null) =>
        new(Head.Number, batch.Revision, stepName, error, running ?? state.RunningRevision);

    private T Timed<T>(string name, Func<T> work)
    {
        var from = tools.Clock.GetTimestamp();
        var result = work();
        _steps[name] = Milliseconds(from);
        return result;
    }

    private int Milliseconds(long from) => (int)tools.Clock.GetElapsedTime(from).TotalMilliseconds;

    // Not an end: the change waits and is tried again.
    private sealed class NotTakenBackException(string message) : GatewayUnreachableException(message);
}
