using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Audit;

public sealed class SuggestionSpecs
{
    private static readonly Vocabulary Known = new(
        ["gw1"],
        ["vm1", "vm2", "laptop"],
        ["operator", "Ann Other"],
        ["443", "53/udp", "app.example.com"]
    )
    {
        Changes = ["14", "12"],
    };

    [Theory]
    [InlineData("aud", "audit;audit verify;audit prove;audit rotate key")]
    [InlineData("vm a", "vm add")]
    [InlineData("audit vm", "audit vm1;audit vm2")]
    [InlineData("audit vm2 si", "audit vm2 since")]
    [InlineData(
        "audit vm2 since ",
        "audit vm2 since 1h;audit vm2 since 24h;audit vm2 since 7d;audit vm2 since 30d;audit vm2 since today;audit vm2 since yesterday"
    )]
    [InlineData("audit by ", "audit by operator;audit by \"Ann Other\"")]
    [InlineData("audit port ", "audit port 443;audit port 53/udp")]
    [InlineData("audit den", "audit denials;audit denied")]
    [InlineData("audit deni", "audit denials;audit denied")]
    [InlineData("history ", "history 443;history 53/udp;history app.example.com")]
    [InlineData("who ", "who opened;who closed;who proposed;who approved;who denied;who withdrew")]
    [InlineData("who opened 4", "who opened 443")]
    [InlineData("why i", "why is")]
    [InlineData("why is 443 ", "why is 443 open;why is 443 closed")]
    [InlineData("export ", "export audit;export history")]
    [InlineData("export audit vm2 as ", "export audit vm2 as csv;export audit vm2 as json;export audit vm2 as md")]
    [InlineData("at 1d st", "at 1d status;at 1d list")]
    [InlineData("unexpose 4", "unexpose 443")]
    [InlineData("approve ", "approve 14;approve 12;approve plan")]
    [InlineData("show 1", "show 14;show 12")]
    [InlineData("expose vm2:80 on 80 proxy-protocol v", "expose vm2:80 on 80 proxy-protocol v1;expose vm2:80 on 80 proxy-protocol v2")]
    [InlineData("expose vm2:80 o", "expose vm2:80 on")]
    public void A_line_so_far_may_become(string line, string lines) => Assert.Equal(lines.Split(';'), Suggestions.Of(line, Known));

    [Fact]
    public void No_more_than_are_asked_for() => Assert.Equal(3, Suggestions.Of("audit ", Known, 3).Length);
}
