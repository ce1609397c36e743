using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Commands;
using CsCheck;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

public sealed class TwiceProperty
{
    private static readonly Speaker[] People = [Operator, Approver, SecondApprover, Admin, Viewer, Stranger];

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Select(Gen.Int[1, 4], Gen.Int[79, 83], Gen.Bool, (vm, port, udp) => $"expose vm{vm}:8080 on {port}{(udp ? " udp" : "")}"),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[79, 83], (a, b, port) => $"expose vm{a}:7000,vm{b}:7001 on {port}"),
        Gen.Select(Gen.Int[79, 83], port => $"unexpose {port}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 9], (vm, host) => $"vm add vm{vm} 400::{host}"),
        Gen.Select(Gen.Int[1, 6], vm => $"vm remove vm{vm}"),
        Gen.Select(Gen.Int[2, 5], host => $"peer add p{host} 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.{host}"),
        Gen.Select(Gen.Int[2, 5], host => $"peer remove p{host}"),
        Gen.Select(Gen.Int[1, 8], n => $"approve {n}"),
        Gen.Select(Gen.Int[1, 8], n => $"deny {n} because \"no\""),
        Gen.Select(Gen.Int[1, 8], n => $"withdraw {n}")
    );

    private static readonly Gen<(string Line, int Speaker, int After)> Step = Gen.Select(Line, Gen.Int[0, 5], Gen.Int[0, 5]);

    [Fact]
    public void Deciding_the_same_command_twice_changes_nothing() =>
        Step.List[1, 40]
            .Sample(
                steps =>
                {
                    var given = AGateway();
                    foreach (var (line, speaker, after) in steps)
                    {
                        var isReplanned = Decide(given.State, line, People[speaker]) is Decision.Accepted { Events: [ChangeReplanned] };
                        given.When(People[speaker], line);
                        if (!isReplanned)
                            Assert.IsType<Decision.Refused>(Decide(given.State, line, People[speaker]));
                        if (after == 0 && given.State.Head is not null)
                            given.Applied();
                        else if (after == 1 && given.State.Head is not null)
                            given.Failed();
                    }

                    // What is desired can always be configured, whatever order things came in.
                    _ = Core.Domain.Planning.GatewayConfig.Of(given.State.Running);
                },
                iter: 2000
            );

    private static Decision Decide(GatewayState state, string line, Speaker speaker) =>
        ((ParseResult.Understood)Parser.Parse(line)).Command switch
        {
            ChangeCommand change => Decider.Decide(state, change, speaker, ChangePolicy.Default, Given.Start),
            ChangeDecision decision => Decider.Decide(state, decision, speaker, ChangePolicy.Default, Given.Start),
            _ => throw new InvalidOperationException(),
        };
}
