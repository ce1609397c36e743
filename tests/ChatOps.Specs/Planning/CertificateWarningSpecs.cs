using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Planning;

/// <summary>A certificate that lies on the gateway, or does not: what a plan says before a change uses it.</summary>
public sealed class CertificateWarningSpecs
{
    [Theory]
    [InlineData("expose vm2:80 on app.example.com tls good", null)]
    [InlineData("expose vm2:80 on x.shop.example.com tls good", null)]
    [InlineData("expose vm2:80 on *.shop.example.com tls good", null)]
    [InlineData(
        "expose vm2:80 on x.y.shop.example.com tls good",
        "certificate good is for app.example.com, *.shop.example.com, not for x.y.shop.example.com"
    )]
    [InlineData(
        "expose vm2:80 on shop.example.com tls good",
        "certificate good is for app.example.com, *.shop.example.com, not for shop.example.com"
    )]
    [InlineData("expose vm2:80 on app.example.com tls old", "certificate old has ended on 2026-07-20")]
    [InlineData("expose vm2:80 on app.example.com tls soon", "certificate soon ends on 2026-08-10")]
    [InlineData("expose vm2:80 on app.example.com tls later", "certificate later holds from 2026-08-11 on")]
    [InlineData("expose vm1 as postgres tls old", "certificate old has ended on 2026-07-20")]
    [InlineData("expose vm1 as postgres tls good", null)]
    [InlineData(
        "expose vm2:80 on app.example.com tls none",
        "there is no certificate none on gw1 that can be read: fullchain.pem and privkey.pem belong into /etc/chatops/tls/none before this is applied"
    )]
    public void A_plan_says_what_ails_a_certificate_before_anybody_uses_it(string line, string? warning)
    {
        var day = new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);
        HeldCertificate Held(string name, int from, int to) =>
            new HeldCertificate(
                Text.Parse<Name<Certificate>>(name),
                ["app.example.com", "*.shop.example.com"],
                day.AddDays(from),
                day.AddDays(to)
            ).At(day);
        var given = Given
            .AGateway()
            .And(new CertificatesSeen([Held("good", -10, 80), Held("later", 10, 80), Held("old", -90, -12), Held("soon", -80, 9)]))
            .When(Given.Operator, line);
        var plan = Plan.Of(given.State, given.State.Proposed.Single().Effects);
        Assert.Equal(
            warning is null ? [] : [warning],
            plan.Warnings.Where(w =>
                w.Contains("certificate", StringComparison.Ordinal) && !w.StartsWith("clients speak TLS", StringComparison.Ordinal)
            )
        );
    }
}
