using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Audit;

/// <summary>A log in which ports are opened and closed, one change after the other, a minute apart.</summary>
internal static class PortStory
{
    public static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Actor Operator = new("local", "operator", "operator");
    private static readonly Actor Approver = new("local", "approver", "approver");

    /// <summary>
    /// Appends a gateway and so many changes to a log; every fifth is denied, and of the others every third closes what was opened before.
    /// </summary>
    public static async Task TellAsync(IEventLog log, int changes, string id = "story", string reason = "first")
    {
        var stream = Gateway.StreamOf(Gw1);
        var records = new List<NewRecord>();
        Add(0, Actor.Configuration, new GatewayAdded(0, Given.Gateway()));
        Add(0, Actor.Configuration, new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::100:0:0:2")]));
        for (var n = 1; n <= changes; n++)
        {
            var endpoint = Endpoint(n % 3 == 0 ? n - 1 : n);
            Effect effect =
                n % 3 == 0 ? new ExposureClosed(n, endpoint) : new ExposureOpened(n, endpoint, [Text.Parse<VmEndpoint>("vm2:8080")]);
            Add(
                n,
                Operator,
                new ChangeProposed(n, $"line {n}", $"{reason} {n}", [effect], new string('a', 64), new Approvals(1, Role.Approver.Name()))
            );
            if (n % 5 == 0)
            {
                Add(n, Approver, new ChangeDenied(n, "no"));
                continue;
            }

            Add(n, Approver, new ChangeApproved(n, new string('a', 64)));
            Add(n, Approver, new ChangeAccepted(n, new Revision(n)));
            Add(n, Actor.Apply, effect);
            Add(
                n,
                Actor.Apply,
                new ChangeApplied(n, new Revision(n), new string('c', 64), ImmutableSortedDictionary<string, int>.Empty, [])
            );
        }

        foreach (var batch in records.Chunk(1000).Select((r, i) => (Records: r, At: i * 1000L)))
            Assert.IsType<AppendResult.Appended>(await log.AppendAsync(stream, batch.At, batch.Records, default));

        void Add(int minute, Actor actor, GatewayEvent @event) =>
            records.Add(new($"{id}.{records.Count}", Start + TimeSpan.FromMinutes(minute), actor, null, null, @event));
    }

    public static PublicEndpoint Endpoint(int n) => new PublicPort(Protocol.Tcp, new Port(1024 + (n % 300)));
}
