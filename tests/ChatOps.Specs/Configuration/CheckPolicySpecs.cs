using ChatOps.Local.Commands;

namespace ChatOps.Specs.Configuration;

/// <summary><c>chatops check-policy FILE</c>.</summary>
public sealed class CheckPolicySpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_what_a_file_comes_to()
    {
        var (code, text) = await CheckAsync(
            """
            {
              "users": [{ "id": "olga", "roles": ["operator"] }, { "id": "ada", "roles": ["approver"] }, { "id": "carl" }],
              "rules": [
                { "commands": ["expose", "unexpose"], "ports": "20000-29999", "who": "operator", "approvals": 0 },
                { "commands": ["peers", "expose"], "who": "approver", "approvals": 0 }
              ]
            }
            """
        );
        Assert.Equal(0, code);
        Snapshot.Match("check-policy.txt", text);
    }

    [Fact]
    public async Task A_wrong_one_comes_to_nothing() =>
        Assert.Equal((2, ""), await CheckAsync("""{ "rules": [{ "commands": ["expose"] }] }""", isRight: false));

    [Fact]
    public async Task A_section_is_looked_at_although_there_is_no_token_for_it() =>
        Assert.Equal(2, (await CheckAsync("""{ "discord": { "channels": ["2"] } }""", isRight: false)).Code);

    private async Task<(int Code, string Text)> CheckAsync(string json, bool isRight = true)
    {
        await File.WriteAllTextAsync(_folder.In("policy.json"), json);
        await using var output = new StringWriter();
        var code = await CheckPolicyCommand.RunAsync(_folder.In("policy.json"), output);
        Assert.Equal(isRight, code == 0);
        return (code, output.ToString());
    }
}
