using System.Text.Json;
using ChatOps.Gateway;

namespace ChatOps.GatewaySpecs;

/// <summary>What is said to whoever called is JSON that anybody reads, and holds no key.</summary>
public sealed class AnswersSpecs
{
    [Fact]
    public void A_key_never_leaves_the_machine()
    {
        var key = Convert.ToBase64String(new byte[32]);
        Assert.Equal("line 3: (key) and again (key).", Answers.Shown($"line 3: {key} and again {key}.", 1000));
        Assert.Equal("\"(key)\"", Answers.Shown($"\"{key}\"", 1000));
    }

    [Fact]
    public void What_cannot_be_printed_is_a_question_mark_and_what_is_long_is_cut() =>
        Assert.Equal("a?b\n\tc", Answers.Shown("a\u001bb\n\tcdefg", 6));

    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" \\ and\nof two lines\t.")]
    [InlineData("nginx: [emerg] \"soon\" in <nginx.conf>:4 & 'more'")]
    public void A_refusal_is_read_as_it_was_meant(string text)
    {
        using var read = JsonDocument.Parse(Answers.Refused(new("validating", "base", text, "nginx.conf"), 9, null));
        Assert.False(read.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(text, read.RootElement.GetProperty("error").GetString());
        Assert.Equal(
            ("validating", "base", "nginx.conf", 9),
            (Of("step"), Of("code"), Of("file"), read.RootElement.GetProperty("revision").GetInt32())
        );
        Assert.False(read.RootElement.TryGetProperty("running", out _));

        string? Of(string name) => read.RootElement.GetProperty(name).GetString();
    }
}
