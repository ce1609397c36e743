using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>What a person wants, typed and checked as far as the line itself says. Its declaration is in <see cref="Catalogue"/>.</summary>
/// <param name="Spec">The declaration that it was read by.</param>
public abstract record Command(CommandSpec Spec);

/// <summary>A command about one gateway.</summary>
/// <param name="At">The gateway; null for the only one.</param>
public abstract record GatewayCommand(CommandSpec Spec, Name<Gateway>? At) : Command(Spec);

/// <summary>A command that proposes a change.</summary>
public abstract record ChangeCommand(CommandSpec Spec, Name<Gateway>? At, string? Reason) : GatewayCommand(Spec, At)
{
    /// <summary>The line that means exactly this, without the gateway and the reason.</summary>
    public abstract string Line { get; }

    /// <summary>The same line with the reason, as it would be typed.</summary>
    public string LineWithReason =>
        Reason is null ? Line : $"{Line} because {(Reason.Contains('"', StringComparison.Ordinal) ? Reason : $"\"{Reason}\"")}";
}

/// <summary>A change of public endpoints: policy may look at their ports.</summary>
public abstract record EndpointCommand(CommandSpec Spec, ImmutableArray<PublicEndpoint> Endpoints, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason);

/// <summary>
/// Open endpoints. One endpoint leads to all targets; several are paired, in order, with as many ports of each VM.
/// </summary>
/// <param name="Options">How they differ from plain ones, without the end of their time.</param>
/// <param name="Stays">How long they stay open; null for ever.</param>
/// <param name="At">The gateway; null for the only one.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record Expose(
    CommandSpec Spec,
    ImmutableArray<VmEndpoint> Targets,
    ImmutableArray<PublicEndpoint> Endpoints,
    ExposureOptions Options,
    Lifetime? Stays,
    Name<Gateway>? At,
    string? Reason
) : EndpointCommand(Spec, Endpoints, At, Reason)
{
    /// <inheritdoc/>
    public override string Line =>
        $"expose {Lists.Text(Targets)} on {Lists.Text(Endpoints)}{Options.Words}{(Stays is null ? "" : $" {Stays}")}";
}

/// <summary>Open the usual port of a service that the gateway knows more about.</summary>
/// <param name="Port">Its port; null for the service's own.</param>
/// <param name="On">The public port; null for the usual one.</param>
/// <param name="Stays">How long it stays open; null for ever.</param>
/// <param name="At">The gateway; null for the only one.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record ExposeService(
    CommandSpec Spec,
    Name<Vm> Vm,
    Port? Port,
    Port? On,
    ExposureOptions Options,
    Lifetime? Stays,
    Name<Gateway>? At,
    string? Reason
) : EndpointCommand(Spec, [.. ServicePorts.Public(Options.As!.Value, On).Select(p => (PublicEndpoint)p)], At, Reason)
{
    /// <inheritdoc/>
    public override string Line =>
        $"expose {Vm}{(Port is { } port ? $":{port}" : "")}{Options.Words}{(On is { } on ? $" on {on}" : "")}{(Stays is null ? "" : $" {Stays}")}";
}

/// <summary>Closes public endpoints of a gateway.</summary>
public sealed record Unexpose(CommandSpec Spec, ImmutableArray<PublicEndpoint> Endpoints, Name<Gateway>? At, string? Reason)
    : EndpointCommand(Spec, Endpoints, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"unexpose {Lists.Text(Endpoints)}";
}

/// <summary>A change that is about an earlier one: the gateway is that one's.</summary>
public abstract record ChangeOfChange(CommandSpec Spec, ChangeRef Change, string? Reason) : ChangeCommand(Spec, Change.Gateway, Reason);

/// <summary>Keep open longer, or shorter, what a change has opened for a time.</summary>
internal sealed record Extend(CommandSpec Spec, ChangeRef Change, Lifetime Stays, string? Reason) : ChangeOfChange(Spec, Change, Reason)
{
    /// <inheritdoc/>
    public override string Line => string.Create(CultureInfo.InvariantCulture, $"extend {Change.Number} {Stays}");
}

/// <summary>Make what one change did not so any more.</summary>
internal sealed record Undo(CommandSpec Spec, ChangeRef Change, string? Reason) : ChangeOfChange(Spec, Change, Reason)
{
    /// <inheritdoc/>
    public override string Line => string.Create(CultureInfo.InvariantCulture, $"undo {Change.Number}");
}

/// <summary>Make everything as it was in an earlier revision.</summary>
internal sealed record Rollback(CommandSpec Spec, Revision To, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"rollback to {To}";
}

/// <summary>Make the gateway anew what the log says.</summary>
internal sealed record Repair(CommandSpec Spec, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => "repair";
}

/// <summary>Let a rule hold.</summary>
public sealed record AddRule(CommandSpec Spec, Rule Rule, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => Rule.ToString();
}

/// <summary>Let a rule hold no more.</summary>
/// <param name="Rule">The rule or its key, as typed.</param>
/// <param name="At">The gateway; null for the only one.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record RemoveRule(CommandSpec Spec, string Rule, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"remove {Rule}";
}

internal sealed record AddVm(CommandSpec Spec, Name<Vm> Vm, ImmutableArray<Address> Addresses, Name<Gateway>? At, string? Reason)
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

/// <summary>A VM has another name.</summary>
public sealed record RenameVm(CommandSpec Spec, Name<Vm> Vm, Name<Vm> To, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"vm rename {Vm} {To}";
}

/// <summary>Take a gateway into our care.</summary>
public sealed record AddGateway(
    CommandSpec Spec,
    Name<Gateway> Gateway,
    ImmutableArray<Address> Addresses,
    HostKey? HostKey,
    Name<Gateway>? Mirrors,
    GatewaySettings Settings,
    string? Reason
) : ChangeCommand(Spec, Gateway, Reason)
{
    /// <inheritdoc/>
    public override string Line =>
        $"gateway add {Gateway} {string.Join(',', Addresses)}{Settings.Words}{(HostKey is { } key ? $" key {key}" : "")}{(Mirrors is { } other ? $" mirrors {other}" : "")}";
}

/// <summary>Reach a gateway in another way, or let its peers.</summary>
internal sealed record ChangeGateway(
    CommandSpec Spec,
    Name<Gateway> Gateway,
    ImmutableArray<Address>? Addresses,
    HostKey? HostKey,
    GatewaySettings Settings,
    string? Reason
) : ChangeCommand(Spec, Gateway, Reason)
{
    /// <inheritdoc/>
    public override string Line =>
        $"gateway change {Gateway}{(Addresses is { } addresses ? $" addresses {string.Join(',', addresses)}" : "")}{Settings.Words}{(HostKey is { } key ? $" key {key}" : "")}";
}

/// <summary>Give a gateway up.</summary>
public sealed record RemoveGateway(CommandSpec Spec, Name<Gateway> Gateway, string? Reason) : ChangeCommand(Spec, Gateway, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"gateway remove {Gateway}";
}

/// <summary>A VM has other addresses.</summary>
public sealed record ChangeVm(CommandSpec Spec, Name<Vm> Vm, ImmutableArray<Address> Addresses, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"vm change {Vm} {string.Join(',', Addresses)}";
}

/// <summary>A decision about a proposed change.</summary>
public abstract record ChangeDecision(CommandSpec Spec, ChangeRef Change) : Command(Spec);

/// <summary>Consent, to the plan with the given hash when one is given (buttons do), else to the plan on show.</summary>
public sealed record Approve(CommandSpec Spec, ChangeRef Change, string? PlanHash) : ChangeDecision(Spec, Change);

/// <summary>
/// Consent to what waits for one: to several changes, or to the only one. What is meant by "all" is shown first and never done at once.
/// </summary>
/// <param name="Changes">The changes; none for what waits for the speaker.</param>
/// <param name="IsAll">True when all that waits for the speaker is to be listed.</param>
public sealed record ApproveWaiting(CommandSpec Spec, ImmutableArray<ChangeRef> Changes, bool IsAll) : Command(Spec);

internal sealed record Deny(CommandSpec Spec, ChangeRef Change, string Reason) : ChangeDecision(Spec, Change);

/// <summary>Let it be applied without the consent that it still needs.</summary>
internal sealed record BreakGlass(CommandSpec Spec, ChangeRef Change, string Reason) : ChangeDecision(Spec, Change);

/// <summary>Take one's own proposal back.</summary>
public sealed record Withdraw(CommandSpec Spec, ChangeRef Change) : ChangeDecision(Spec, Change);

/// <summary>Try again what is stuck on a gateway. It was approved before, so it needs no new consent.</summary>
public sealed record Retry(CommandSpec Spec, Name<Gateway>? At) : GatewayCommand(Spec, At);

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

/// <summary>Lists the VMs of one gateway, or of all.</summary>
public sealed record ListVms(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>Lists the WireGuard peers of one gateway, or of all.</summary>
public sealed record ListPeers(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>List what else holds.</summary>
public sealed record ListRules(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>Show what differs between a gateway and the log.</summary>
public sealed record ShowDrift(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>Take what somebody changed by hand for what is to be: always refused, with the reason.</summary>
public sealed record Adopt(CommandSpec Spec, Name<Gateway>? At) : Query(Spec, At);

/// <summary>Lists the gateways that the log knows.</summary>
public sealed record ListGateways(CommandSpec Spec) : Query(Spec, null);
