using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Core.Commands;

/// <summary>What a person wants, typed and checked as far as the line itself says. Its declaration is in <see cref="Catalogue"/>.</summary>
/// <param name="Spec">The declaration that it was read by.</param>
public abstract record Command(CommandSpec Spec);

/// <summary>A command about one gateway.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="At">The gateway; null for the only one.</param>
public abstract record GatewayCommand(CommandSpec Spec, Name<Gateway>? At) : Command(Spec);

/// <summary>A command that proposes a change.</summary>
public abstract record ChangeCommand(CommandSpec Spec, Name<Gateway>? At, string? Reason) : GatewayCommand(Spec, At)
{
    /// <summary>The line that means exactly this, without the gateway and the reason.</summary>
    public abstract string Line { get; }
}

/// <summary>A change of one public port: policy may look at the port.</summary>
public abstract record PortCommand(CommandSpec Spec, PublicPort Port, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason);

/// <summary>Open a port.</summary>
public sealed record Expose(CommandSpec Spec, ImmutableArray<VmEndpoint> Targets, PublicPort Port, Name<Gateway>? At, string? Reason)
    : PortCommand(Spec, Port, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"expose {string.Join(',', Targets)} on {Port.Port}{(Port.Protocol == Protocol.Udp ? " udp" : "")}";
}

/// <summary>Close a port.</summary>
public sealed record Unexpose(CommandSpec Spec, PublicPort Port, Name<Gateway>? At, string? Reason) : PortCommand(Spec, Port, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"unexpose {Port}";
}

/// <summary>Make a VM known.</summary>
public sealed record AddVm(CommandSpec Spec, Name<Vm> Vm, ImmutableArray<Address> Addresses, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"vm add {Vm} {string.Join(',', Addresses)}";
}

/// <summary>Forget a VM.</summary>
public sealed record RemoveVm(CommandSpec Spec, Name<Vm> Vm, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"vm remove {Vm}";
}

/// <summary>Let a WireGuard peer in.</summary>
public sealed record AddPeer(CommandSpec Spec, Name<Peer> Peer, WireGuardKey Key, Address Address, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"peer add {Peer} {Key} {Address}";
}

/// <summary>Shut a WireGuard peer out.</summary>
public sealed record RemovePeer(CommandSpec Spec, Name<Peer> Peer, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"peer remove {Peer}";
}

/// <summary>Take a gateway into our care.</summary>
public sealed record AddGateway(CommandSpec Spec, Name<Gateway> Gateway, ImmutableArray<Address> Addresses, HostKey? HostKey, string? Reason)
    : ChangeCommand(Spec, Gateway, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"gateway add {Gateway} {string.Join(',', Addresses)}{(HostKey is { } key ? $" key {key}" : "")}";
}

/// <summary>A decision about a proposed change.</summary>
public abstract record ChangeDecision(CommandSpec Spec, ChangeRef Change) : Command(Spec);

/// <summary>Consent, to the plan with the given hash when one is given (buttons do), else to the plan on show.</summary>
public sealed record Approve(CommandSpec Spec, ChangeRef Change, string? PlanHash) : ChangeDecision(Spec, Change);

/// <summary>Say no.</summary>
public sealed record Deny(CommandSpec Spec, ChangeRef Change, string Reason) : ChangeDecision(Spec, Change);

/// <summary>Take one's own proposal back.</summary>
public sealed record Withdraw(CommandSpec Spec, ChangeRef Change) : ChangeDecision(Spec, Change);

/// <summary>A command that changes nothing.</summary>
public abstract record Query(CommandSpec Spec, Name<Gateway>? At) : GatewayCommand(Spec, At);

/// <summary>Show what a command would change.</summary>
public sealed record ShowPlan(CommandSpec Spec, ChangeCommand Of) : Query(Spec, Of.At);

/// <summary>Show one change.</summary>
public sealed record ShowChange(CommandSpec Spec, ChangeRef Change) : Query(Spec, Change.Gateway);

/// <summary>List what waits for approval.</summary>
public sealed record Pending(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>One line a gateway, then what needs attention.</summary>
public sealed record Status(CommandSpec Spec) : Query(Spec, null);

/// <summary>List VMs.</summary>
public sealed record ListVms(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>List peers.</summary>
public sealed record ListPeers(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>List gateways.</summary>
public sealed record ListGateways(CommandSpec Spec) : Query(Spec, null);

/// <summary>Ask the log.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Vm">Only what touched this VM.</param>
/// <param name="Port">Only what touched this port.</param>
/// <param name="By">Only what this person did.</param>
/// <param name="Since">Only what is younger.</param>
/// <param name="Page">Which ten lines; 1 for the newest.</param>
/// <param name="At">Only this gateway.</param>
public sealed record AuditQuery(CommandSpec Spec, Name<Vm>? Vm, PublicPort? Port, string? By, TimeSpan? Since, int? Page, Name<Gateway>? At)
    : Query(Spec, At)
{
    /// <summary>What was understood, for the first line of the answer.</summary>
    public string Understood
    {
        get
        {
            var parts = new List<string> { Subject ?? "everything" };
            if (By is not null)
                parts.Add($"by {By}");
            if (Since is { } since)
                parts.Add($"since {Span(since)}");
            if (At is not null)
                parts.Add($"at {At}");
            return string.Join(" · ", parts);
        }
    }

    private string? Subject => Vm?.ToString() ?? Port?.ToString();

    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Join(
            ' ',
            new[]
            {
                "audit",
                Subject,
                By is null ? null : $"by {By}",
                Since is { } since ? $"since {Span(since)}" : null,
                At is null ? null : $"at {At}",
                page == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"page {page}"),
            }.OfType<string>()
        );

    private static string Span(TimeSpan span) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(span.TotalDays >= 1 ? span.TotalDays : span.TotalHours >= 1 ? span.TotalHours : span.TotalMinutes)}{(span.TotalDays >= 1 ? "d" : span.TotalHours >= 1 ? "h" : "m")}"
        );
}

/// <summary>Explain the commands, or one.</summary>
public sealed record Help(CommandSpec Spec, CommandSpec? Topic) : Query(Spec, null);
