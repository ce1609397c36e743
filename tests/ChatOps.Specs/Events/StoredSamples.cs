using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Events;

/// <summary>
/// Every event that was ever written must be read for ever. <c>snapshots/NAME.json</c> holds one of each as it lies in a log; a sample is
/// never changed, a new version of an event gets a new one.
/// </summary>
public sealed partial class StoredSamples
{
    private static readonly WireGuardKey Key = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");
    private static readonly ExposureOpened Opened = new(
        2,
        Text.Parse<PublicPort>("53/udp"),
        [Text.Parse<VmEndpoint>("vm2:5353"), Text.Parse<VmEndpoint>("vm3:5353")]
    );

    internal static readonly ImmutableArray<GatewayEvent> One =
    [
        new GatewayAdded(0, Given.Gateway()),
        new GatewayChanged(
            7,
            Given
                .Gateway()
                .With(
                    new(
                        Text.Parse<SshPlace>("gw1.example.net:2222"),
                        Text.Parse<Login>("admin"),
                        Text.Parse<WireGuardPlace>("10.9.0.1/24:51821"),
                        Text.Parse<InterfaceName>("eth1")
                    )
                )
        ),
        new GatewayRemoved(8),
        new HostKeyPinned(Text.Parse<HostKey>("SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE")),
        new OverlaySeen(Text.Parse<Address>("400::100:0:0:1")),
        new CertificatesSeen([
            new(
                Text.Parse<Name<Certificate>>("example"),
                ["app.example.com", "*.shop.example.com"],
                Given.Start.AddDays(-60),
                Given.Start.AddDays(20),
                CertificateAge.Ends
            ),
        ]),
        new VmAdded(1, Given.Vm("vm2"), [Text.Parse<Address>("400::100:0:0:2")]),
        new VmRemoved(1, Given.Vm("vm2")),
        new VmRenamed(9, Given.Vm("vm2"), Given.Vm("web")),
        new PeerAdded(1, Text.Parse<Name<Peer>>("vm1"), Key, Text.Parse<Address>("10.1.0.2")),
        new PeerRemoved(1, Text.Parse<Name<Peer>>("vm1")),
        Opened,
        new ExposureExtended(4, Text.Parse<PublicEndpoint>("app.example.com/api"), Given.Start),
        new PeerRekeyed(1, Text.Parse<Name<Peer>>("vm1"), Key),
        new PeerRenamed(9, Text.Parse<Name<Peer>>("laptop"), Text.Parse<Name<Peer>>("notebook")),
        new RuleAdded(5, Text.Parse<Rule>("snat vm1 from 203.0.113.12-203.0.113.13:30000-40000")),
        new RuleRemoved(5, Text.Parse<Rule>("allow 198.51.100.0/24 to 53/udp")),
        new EdgeRepaired(6),
        new AlertRaised("drift", "gw1 is not what the log says", "+ tcp dport 81 accept", ["repair"]),
        new AlertCleared("drift", "gw1 is again what the log says"),
        new ExposureClosed(3, Text.Parse<PublicPort>("80")),
        new ChangeProposed(
            2,
            "expose vm2:5353,vm3:5353 on 53 udp",
            "für \"alle\"",
            [Opened],
            new string('a', 64),
            new Approvals(1, "approver")
        ),
        new ChangeReplanned(2, new string('b', 64)),
        new ChangeApproved(2, new string('b', 64)),
        new ChangeTightened(2, new Approvals(2, "approver", [new Approvals(1, "security")])),
        new ChangeAccepted(2, new Revision(7)),
        new ChangeRenumbered(2, new Revision(9)),
        new ChangeForced(2, "nobody else is awake"),
        new ChangeDenied(2, "wrong machine"),
        new ChangeWithdrawn(2),
        new ChangeExpired(2),
        new ChangeDelayed(2, "gw1 does not answer"),
        new ChangeStuck(2, "the SSH identity file /etc/chatops/id is not there"),
        new ChangeRetried(2),
        new ChangeApplied(
            2,
            new Revision(7),
            new string('c', 64),
            ImmutableSortedDictionary<string, int>.Empty.Add("total", 74),
            ["vm target does not answer yet"]
        ),
        new ChangeFailed(2, new Revision(7), "switching", "nginx: bind() failed", new Revision(6)),
        new QuestionAsked("audit port 443"),
        new PersonForgotten("local", "operator", ["AAAAAAAAAAAAAAAA"]),
        new PolicyChanged(new string('d', 64), new string('e', 64), ["rules[2].approvals", "users[3] is new"]),
        new SigningKeyAnnounced("chatops/0123456789abcdef+00000000+AQ==", "chatops/0123456789abcdef+00000001+AQ=="),
    ];

    public static TheoryData<string> Names => [.. EventTypes.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_is_read_as_it_was_written(string name)
    {
        var @event = Assert.Single(One, e => EventTypes.NameOf(e) == name);
        var json = CanonicalJson.Write(EventTypes.ToJson(@event));
        Snapshot.Match($"{name}.json", json + "\n", isForEver: true);
        using var stored = JsonDocument.Parse(json);
        Assert.Equal(json, CanonicalJson.Write(EventTypes.ToJson(EventTypes.FromJson(name, stored.RootElement))));
    }

    [Fact]
    public void An_exposure_with_all_its_options_is_read_as_it_was_written()
    {
        var options = new ExposureOptions(
            Text.Parse<Networks>("203.0.113.0/24,2001:db8::/32"),
            Given.Start,
            Text.Parse<Name<Certificate>>("example"),
            true,
            Service.Sftp
        );
        var opened = new ExposureOpened(
            2,
            Text.Parse<PublicEndpoint>("app.example.com/api"),
            [Text.Parse<VmEndpoint>("vm2:8080")],
            options
        );
        var json = CanonicalJson.Write(EventTypes.ToJson(opened));
        Snapshot.Match("exposure-opened.v1.options.json", json + "\n", isForEver: true);
        using var stored = JsonDocument.Parse(json);
        Assert.Equal(options, Assert.IsType<ExposureOpened>(EventTypes.FromJson("exposure-opened.v1", stored.RootElement)).Options);
    }

    [Fact]
    public void What_is_passed_through_is_read_as_it_was_written() => IsKept("passthrough", new ExposureOptions(Passthrough: true));

    [Fact]
    public void gRPC_is_read_as_it_was_written() =>
        IsKept("grpc", new ExposureOptions(Certificate: Text.Parse<Name<Certificate>>("example"), Grpc: true));

    [Fact]
    public void HTTP2_without_TLS_is_read_as_it_was_written() => IsKept("h2c", new ExposureOptions(H2c: true));

    [Fact]
    public void A_version_of_the_PROXY_header_is_read_as_it_was_written() =>
        IsKept("proxy-v2", new ExposureOptions(SendsProxy: true, ProxyVersion: 2));

    [Fact]
    public void PostgreSQL_over_TLS_is_read_as_it_was_written() =>
        IsKept(
            "postgres",
            new ExposureOptions(
                Certificate: Text.Parse<Name<Certificate>>("example"),
                As: Service.Postgres,
                Ignoring: Text.Parse<StartupParameters>("search_path,options")
            )
        );

    private static void IsKept(string name, ExposureOptions options)
    {
        var opened = new ExposureOpened(2, Text.Parse<PublicEndpoint>("app.example.com"), [Text.Parse<VmEndpoint>("vm2:8443")], options);
        var json = CanonicalJson.Write(EventTypes.ToJson(opened));
        Snapshot.Match($"exposure-opened.v1.{name}.json", json + "\n", isForEver: true);
        using var stored = JsonDocument.Parse(json);
        Assert.Equal(options, Assert.IsType<ExposureOpened>(EventTypes.FromJson("exposure-opened.v1", stored.RootElement)).Options);
    }

    [Fact]
    public void What_is_to_be_open_for_a_length_of_time_is_read_as_it_was_written()
    {
        Effect[] effects =
        [
            new ExposureOpened(
                2,
                Text.Parse<PublicPort>("80"),
                [Text.Parse<VmEndpoint>("vm2:8080")],
                new ExposureOptions(For: TimeSpan.FromHours(2))
            ),
            new ExposureExtended(4, Text.Parse<PublicPort>("80"), Given.Start, TimeSpan.FromDays(1.5)),
        ];
        foreach (var effect in effects)
        {
            var name = EventTypes.NameOf(effect);
            var json = CanonicalJson.Write(EventTypes.ToJson(effect));
            Snapshot.Match($"{name}.for.json", json + "\n", isForEver: true);
            using var stored = JsonDocument.Parse(json);
            Assert.Equal(json, CanonicalJson.Write(EventTypes.ToJson(EventTypes.FromJson(name, stored.RootElement))));
        }
    }

    [Fact]
    public void Consent_by_several_roles_is_read_as_it_was_written()
    {
        GatewayEvent[] events =
        [
            new ChangeProposed(
                2,
                "expose vm2:5353,vm3:5353 on 53 udp",
                null,
                [Opened],
                new string('a', 64),
                new Approvals(1, "approver", [new Approvals(2, "security")])
            ),
            new ChangeApproved(2, new string('b', 64), ["approver", "security"]),
        ];
        foreach (var @event in events)
        {
            var name = EventTypes.NameOf(@event);
            var json = CanonicalJson.Write(EventTypes.ToJson(@event));
            Snapshot.Match($"{name}.roles.json", json + "\n", isForEver: true);
            using var stored = JsonDocument.Parse(json);
            Assert.Equal(json, CanonicalJson.Write(EventTypes.ToJson(EventTypes.FromJson(name, stored.RootElement))));
        }
    }

    [Fact]
    public void A_peer_with_a_preshared_key_is_read_as_it_was_written()
    {
        var preshared = Given.Sealed("sample", Given.GatewayKey, $"{Key}");
        IsKept(
            "preshared",
            new PeerAdded(
                1,
                Text.Parse<Name<Peer>>("laptop"),
                Key,
                Text.Parse<Address>("10.1.0.100"),
                Text.Parse<Networks>("192.168.77.0/24"),
                preshared
            )
        );
        IsKept("preshared", new PeerRekeyed(2, Text.Parse<Name<Peer>>("laptop"), Key, preshared));
    }

    [Fact]
    public void A_tunnel_with_both_families_is_read_as_it_was_written()
    {
        var gateway = Given.Gateway() with { WireGuard6 = Text.Parse<Network>("fd77:1::/64") };
        IsKept("wireguard6", new GatewayAdded(0, gateway));
        IsKept("wireguard6", new GatewayChanged(7, gateway));
    }

    [Fact]
    public void Where_a_vm_answered_is_read_as_it_was_written() =>
        IsKept(
            "answered",
            new ChangeApplied(
                2,
                new Revision(7),
                new string('c', 64),
                ImmutableSortedDictionary<string, int>.Empty,
                [],
                null,
                [Text.Parse<PublicEndpoint>("80"), Text.Parse<PublicEndpoint>("app.example.com")]
            )
        );

    private static void IsKept(string name, GatewayEvent @event)
    {
        var stored = EventTypes.NameOf(@event);
        var json = CanonicalJson.Write(EventTypes.ToJson(@event));
        Snapshot.Match($"{stored}.{name}.json", json + "\n", isForEver: true);
        using var parsed = JsonDocument.Parse(json);
        var read = EventTypes.FromJson(stored, parsed.RootElement);
        Assert.Equal(json, CanonicalJson.Write(EventTypes.ToJson(read)));
    }
}
