using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Folder;

namespace ChatOps.Specs.Delivery;

public sealed class FolderGatewayShellSpecs : IDisposable
{
    private static readonly Gateway _gateway = Gateway.WithDefaults(
        Text.Parse<Name<Gateway>>("gw1"),
        [Text.Parse<Address>("192.0.2.1")],
        null
    );

    private readonly TempFolder _folder = new();
    private readonly FolderGatewayClient _shell;
    private readonly List<string> _steps = [];

    public FolderGatewayShellSpecs() => _shell = new FolderGatewayClient(_folder.Path, TimeProvider.System);

    private string Current => _folder.In("gw1/current");

    public void Dispose()
    {
        _shell.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_folder_that_was_never_used_runs_revision_0()
    {
        var seen = await _shell.ObserveAsync(_gateway, default);

        Assert.Equal((0, 0), (seen.Running.Number, seen.Confirmed.Number));
        Assert.Equal("absent", seen.Services["nginx"]);
    }

    [Fact]
    public async Task An_applied_revision_is_in_current_and_the_notes_say_that_nothing_was_switched_on()
    {
        var done = Assert.IsType<GatewayAnswer.Done>(await Apply(1, "one"));

        Assert.Contains($"written to {Current}; nothing was switched on", done.Notes);
        Assert.True(done.IsOnFileOnly);
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(Current, "exposures")));
        Assert.Equal((1, 0), await Revisions());
        Assert.Equal(["validating", "switching"], _steps);
    }

    [Fact]
    public async Task A_confirmed_revision_is_the_one_to_come_back_to()
    {
        await Apply(1, "one");
        await _shell.ConfirmAsync(_gateway, new Revision(1), default);
        await Apply(2, "two");
        Assert.Equal((2, 1), await Revisions());

        await _shell.RevertAsync(_gateway, default);

        Assert.Equal((1, 1), await Revisions());
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(Current, "exposures")));
    }

    [Fact]
    public async Task Whoever_dies_in_the_middle_of_switching_leaves_the_old_revision_or_the_new_one()
    {
        await Apply(1, "one");
        await _shell.ConfirmAsync(_gateway, new Revision(1), default);
        await Apply(2, "two");

        // The new one lies beside its place, and the old one is there or is not.
        File.CreateSymbolicLink($"{Current}.new", Path.Combine("revisions", "1"));
        Assert.Equal((2, 1), await Revisions());
        File.Delete(Current);
        Assert.Equal((1, 1), await Revisions());

        Assert.IsType<GatewayAnswer.Done>(await Apply(3, "three"));
        Assert.Equal((3, 1), await Revisions());
        Assert.Equal("three", await File.ReadAllTextAsync(Path.Combine(Current, "exposures")));
        Assert.False(Path.Exists($"{Current}.new"));
    }

    [Fact]
    public async Task Reverting_the_first_revision_leaves_none()
    {
        await Apply(1, "one");
        await _shell.RevertAsync(_gateway, default);

        Assert.Equal((0, 0), await Revisions());
        Assert.False(Directory.Exists(Current));
    }

    [Fact]
    public async Task A_revision_that_was_put_back_cannot_be_confirmed()
    {
        await Apply(1, "one");
        await _shell.RevertAsync(_gateway, default);

        var refused = Assert.IsType<GatewayAnswer.Refused>(await _shell.ConfirmAsync(_gateway, new Revision(1), default));
        Assert.Equal(("confirming", "reverted", 0), (refused.Step, refused.Code, refused.Running.Number));
    }

    [Fact]
    public async Task An_older_revision_than_any_that_was_offered_is_stale()
    {
        await Apply(5, "five");
        await _shell.RevertAsync(_gateway, default);

        var refused = Assert.IsType<GatewayAnswer.Refused>(await Apply(4, "four"));
        Assert.Equal(("fencing", "stale", 0), (refused.Step, refused.Code, refused.Running.Number));
    }

    [Fact]
    public async Task The_same_revision_may_come_again_with_the_same_files_only()
    {
        await Apply(1, "one");
        Assert.IsType<GatewayAnswer.Done>(await Apply(1, "one"));

        var refused = Assert.IsType<GatewayAnswer.Refused>(await Apply(1, "another one"));
        Assert.Equal(("fencing", "conflict", 1), (refused.Step, refused.Code, refused.Running.Number));
    }

    [Fact]
    public async Task A_file_that_no_checker_here_could_judge_is_noted_and_a_wrong_one_is_refused()
    {
        var answer = await Apply(1, "one", ("haproxy.cfg", "this is no configuration\n"));

        if (answer is GatewayAnswer.Done done)
            Assert.Contains(done.Notes, n => n.StartsWith("haproxy.cfg was not checked: ", StringComparison.Ordinal));
        else
            Assert.StartsWith("haproxy.cfg: ", Assert.IsType<GatewayAnswer.Refused>(answer).Error, StringComparison.Ordinal);
        Assert.Equal((answer is GatewayAnswer.Done ? 1 : 0, 0), await Revisions());
    }

    [Fact]
    public async Task A_file_that_needs_what_only_a_gateway_has_is_not_refused_for_it()
    {
        var config = "load_module modules/of_a_gateway.so;\npid /run/chatops-gateway-only/nginx.pid;\nevents {}\n";

        var done = Assert.IsType<GatewayAnswer.Done>(await Apply(1, "one", ("nginx.conf", config)));
        Assert.Contains(done.Notes, n => n.StartsWith("nginx.conf was not checked: nginx ", StringComparison.Ordinal));
        Assert.DoesNotContain(done.Notes, n => n.Contains(".draft", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_revision_may_come_again_corrected()
    {
        await Apply(1, "one", ("nftables.nft", "table inet {\n"));

        Assert.IsType<GatewayAnswer.Done>(await Apply(2, "one", ("nftables.nft", "table inet chatops {}\n")));
    }

    [Fact]
    public async Task An_edited_file_is_drift_until_the_next_revision()
    {
        await Apply(1, "one\n");
        await _shell.ConfirmAsync(_gateway, new Revision(1), default);
        Assert.Empty(await _shell.DriftAsync(_gateway, default));

        await File.WriteAllTextAsync(Path.Combine(Current, "exposures"), "two\n");

        Assert.Equal([new Drift("exposures", "@@ -1,1 +1,1 @@\n-one\n+two\n")], (await _shell.DriftAsync(_gateway, default)).ToArray());
    }

    [Fact]
    public async Task Two_gateways_have_nothing_to_do_with_each_other()
    {
        await Apply(7, "seven");
        var other = _gateway with { Name = Text.Parse<Name<Gateway>>("gw2") };

        Assert.Equal(0, (await _shell.ObserveAsync(other, default)).Running.Number);
        Assert.NotEqual(await _shell.ReadHostKeyAsync(other, default), await _shell.ReadHostKeyAsync(_gateway, default));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_gateway_that_cannot_be_reached()
    {
        await File.WriteAllTextAsync(_folder.In("file"), "");
        using var shell = new FolderGatewayClient(_folder.In("file"), TimeProvider.System);

        await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ProveNewConnectionAsync(_gateway, default));
    }

    private Task<GatewayAnswer> Apply(int revision, string exposures, params (string Name, string Text)[] more) =>
        _shell.ApplyAsync(
            _gateway,
            new Revision(revision),
            TimeSpan.FromSeconds(30),
            more.Append(("exposures", exposures)).ToDictionary(f => f.Item1, f => f.Item2),
            full: false,
            _steps.Add,
            default
        );

    private async Task<(int Running, int Confirmed)> Revisions()
    {
        var seen = await _shell.ObserveAsync(_gateway, default);
        return (seen.Running.Number, seen.Confirmed.Number);
    }
}
