using ChatOps.Bot.Terminal;

namespace ChatOps.Specs.Chat;

/// <summary>Who says a line at the terminal.</summary>
public sealed class NamedLineSpecs
{
    [Theory]
    [InlineData("operator: expose vm2:8080 on 80", "operator", "expose vm2:8080 on 80")]
    [InlineData("operator> expose vm2:8080 on 80", "operator", "expose vm2:8080 on 80")]
    [InlineData("Operator>status", "operator", "status")]
    [InlineData("expose vm2:8080 on 80", "admin", "expose vm2:8080 on 80")]
    public void The_name_in_front_says_it_as_typed_or_as_a_transcript_shows_it(string line, string who, string text)
    {
        var said = NamedLine.Read(line, [Given.Operator, Given.Approver, Given.Admin], Given.Admin);
        Assert.Equal((who, text), (said?.Speaker.Actor.Id, said?.Text));
    }

    [Fact]
    public void A_name_that_is_nobodys_says_nothing() => Assert.Null(NamedLine.Read("nobody> status", [Given.Operator], Given.Operator));
}
