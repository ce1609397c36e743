using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Applying;

/// <summary>What the tests write to the log, and what they look at.</summary>
public sealed partial class ApplySpecs
{
    private async Task<(string Step, string Error)> FailureAsync(int number)
    {
        var failed = Assert.IsType<ChangeStatus.Failed>((await _ledger.LoadAsync(Gw1, default)).Changes[number].Status).Result;
        return (failed.Step, failed.Error);
    }

    private async Task AcceptAsync(string line)
    {
        var command = (ChangeCommand)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
        var allowed = new ChangePolicy([
            new PolicyRule([command.Spec.Name], null, null, null, Role.Operator, new Approvals(0, "approver")),
        ]);
        var outcome = await _ledger.DecideAsync(
            Gw1,
            new Origin(line, Given.Operator.Actor),
            s => Decider.Decide(s, command, Given.Operator, allowed, Given.Start),
            default
        );
        Assert.IsType<Outcome.Decided>(outcome);
    }

    private Task HappenAsync(string id, params GatewayEvent[] events) =>
        _ledger.DecideAsync(Gw1, new Origin(id, Actor.Configuration), _ => new Decision.Accepted([.. events]), default);

    private sealed class NobodyWaits : IApplyProgress
    {
        public void Report(Name<Gateway> gateway, int change, ApplyStep step) { }
    }
}
