using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Commands;

/// <summary>Lines that say on which gateway, where they left that open: what is offered where there are several.</summary>
public sealed class OnGatewaySpecs
{
    [Theory]
    [InlineData("show 3", "show gw2#3")]
    [InlineData("approve 3", "approve gw2#3")]
    [InlineData("deny #3 because 3 is wrong", "deny gw2#3 because 3 is wrong")]
    [InlineData("extend 3 for 3h", "extend gw2#3 for 3h")]
    [InlineData("plan undo 3", "plan undo gw2#3")]
    [InlineData("unexpose 80", "unexpose 80 at gw2")]
    [InlineData("unexpose 80 because of the launch", "unexpose 80 at gw2 because of the launch")]
    [InlineData("plan expose vm2:8080 on 80", "plan expose vm2:8080 on 80 at gw2")]
    [InlineData("unexpose 80 at gw1", "unexpose 80 at gw1")]
    [InlineData("show gw1#3", "show gw1#3")]
    [InlineData("gateway add gw3 203.0.113.30", "gateway add gw3 203.0.113.30")]
    [InlineData("help vm add", "help vm add")]
    [InlineData("no line", "no line")]
    public void A_line_says_the_gateway_once(string line, string on) => Assert.Equal(on, Parser.On(line, Text.Parse<Name<Gateway>>("gw2")));
}
