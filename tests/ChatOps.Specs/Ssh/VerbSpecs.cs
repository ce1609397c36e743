using System.Runtime.Versioning;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery;
using ChatOps.Delivery.Answers;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Ssh;

[UnsupportedOSPlatform("windows")]
public class VerbSpecs : SshSpecs
{
    [SshdFact]
    public async Task A_bundle_of_100_KiB_arrives_whole_and_the_answer_comes_back()
    {
        var files = new Dictionary<string, string> { ["nginx.conf"] = new('n', 60 * 1024), ["nftables.nft"] = new('t', 40 * 1024) };

        var answer = await Shell.ApplyAsync(Gateway, new Revision(9), TimeSpan.FromSeconds(29.5), files, full: false, _ => { }, default);

        Assert.Equal(1, Assert.IsType<GatewayAnswer.Done>(answer).Steps["total"]);
        Assert.Equal(["apply 9 30"], Sshd.StandIn.Verbs);
        Assert.Equal(TarBundle.Of(files), Sshd.StandIn.Bundle);
    }

    [SshdFact]
    public async Task Each_verb_is_sent_as_its_word_and_number()
    {
        await Shell.ObserveAsync(Gateway, default);
        var confirmed = await Shell.ConfirmAsync(Gateway, new Revision(9), default);
        await Shell.RevertAsync(Gateway, default);

        Assert.Equal(["observe", "confirm 9", "revert"], Sshd.StandIn.Verbs);
        Assert.Equal(new GatewayAnswer.Refused("confirming", "reverted", "too late", new Revision(8)), confirmed);
    }

    [SshdFact]
    public async Task A_connection_asks_once_which_protocol_is_spoken_and_a_proof_that_replaces_it_does_not()
    {
        await Shell.ObserveAsync(Gateway, default);
        await Shell.ProveNewConnectionAsync(Gateway, default);

        // The one before goes on until the new one waits for nothing any more.
        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal(GatewayProtocol.Spoken, (await Shell.ObserveAsync(Gateway, default)).Protocol);
            return Sshd.StandIn.Connections == 2;
        });
        Assert.Equal(1, Sshd.StandIn.Asked);
    }

    [SshdFact]
    public Task On_a_program_of_an_older_protocol_nothing_is_changed() =>
        NothingIsChangedAsync("""{"ok":true,"version":"1","protocol":1}""", 1, "before its program is as new");

    [SshdFact]
    public Task On_a_program_of_a_newer_protocol_nothing_is_changed() =>
        NothingIsChangedAsync("""{"ok":true,"version":"9","protocol":9}""", 9, "by an older ChatOps");

    [SshdFact]
    public Task On_a_program_that_does_not_know_the_question_nothing_is_changed() =>
        NothingIsChangedAsync(
            """{"ok":false,"step":"asking","code":"usage","error":"verbs: apply, observe"}""",
            0,
            "before its program is as new"
        );

    private async Task NothingIsChangedAsync(string said, int protocol, string told)
    {
        Sshd.StandIn.Version = said;
        Assert.Equal(protocol, (await Shell.ObserveAsync(Gateway, default)).Protocol);
        var e = await Assert.ThrowsAsync<GatewayProtocolException>(() => Apply(9, "tcp 80"));
        Assert.StartsWith(
            $"the program on gw1 speaks protocol {protocol}, this ChatOps {GatewayProtocol.Spoken}: ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"nothing is changed on gw1 {told}", e.Message, StringComparison.Ordinal);
        Assert.Equal(["observe"], Sshd.StandIn.Verbs);

        // It is renewed while the connection stays.
        Sshd.StandIn.Version = $$"""{"ok":true,"version":"2","protocol":{{GatewayProtocol.Spoken}}}""";
        Assert.IsType<GatewayAnswer.Done>(await Apply(9, "tcp 80"));
    }

    [Fact]
    public void The_program_that_is_installed_speaks_our_protocol() =>
        Assert.Contains(
            $"const int protocol = {GatewayProtocol.Spoken};\n",
            File.ReadAllText(Path.Combine(Checkout.Root, "src/ChatOps.Gateway/Program.cs")),
            StringComparison.Ordinal
        );

    [SshdFact]
    public async Task After_a_confirmed_revision_only_the_difference_travels()
    {
        await Confirmed(8, AThousand);

        await Apply(9, AThousand + "one more\n", full: true);

        var members = Sshd.StandIn.Members;
        Assert.Equal(["apply 8 30", "confirm 8", "apply 9 30 full"], Sshd.StandIn.Verbs);
        Assert.Equal(["base", "exposures.patch", "sums"], members.Keys);
        Assert.Equal(("8\n", "a1000 1\none more\n"), (members["base"], members["exposures.patch"]));
    }

    [SshdFact]
    public async Task A_gateway_that_cannot_make_anything_of_the_difference_gets_all_of_it_in_the_same_call()
    {
        await Confirmed(8, AThousand);
        Sshd.StandIn.Mood = "pruned";

        var answer = await Apply(9, AThousand + "one more\n");

        Assert.IsType<GatewayAnswer.Done>(answer);
        Assert.Equal(["apply 8 30", "confirm 8", "apply 9 30", "apply 9 30"], Sshd.StandIn.Verbs);
        Assert.Equal(["exposures"], Sshd.StandIn.Members.Keys);
    }

    [SshdFact]
    public async Task What_was_applied_but_never_confirmed_is_nothing_to_lean_on()
    {
        await Apply(8, AThousand);
        await Apply(9, AThousand + "one more\n");

        Assert.Equal(["exposures"], Sshd.StandIn.Members.Keys);
    }

    [SshdFact]
    public async Task One_warm_connection_carries_all_verbs_one_at_a_time()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Shell.ObserveAsync(Gateway, default)));

        Assert.Equal((10, 1), (Sshd.StandIn.Verbs.Length, Sshd.StandIn.Connections));
    }

    [SshdFact]
    public async Task Junk_instead_of_an_answer_is_shown_without_its_control_characters()
    {
        Sshd.StandIn.Mood = "junk";

        var e = await Assert.ThrowsAsync<GatewayAnswerException>(() => Shell.ObserveAsync(Gateway, default));

        Assert.Contains("Welcome[31m to this machine!", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_script_that_cannot_run_is_explained_by_its_standard_error()
    {
        Sshd.StandIn.Mood = "broken";

        var e = await Assert.ThrowsAsync<GatewayAnswerException>(() => Shell.RevertAsync(Gateway, default));

        Assert.Equal("the gateway answered nothing and ended with exit status 127: chatops-gateway: not found", e.Message);
    }

    [SshdFact]
    public async Task Done_from_a_script_that_failed_afterwards_is_not_believed()
    {
        Sshd.StandIn.Mood = "liar";

        var e = await Assert.ThrowsAsync<GatewayAnswerException>(() => Shell.RevertAsync(Gateway, default));

        Assert.Contains("ended with exit status 3", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task An_endless_answer_is_cut_off_and_the_next_verb_works()
    {
        Sshd.StandIn.Mood = "flood";
        await Assert.ThrowsAsync<GatewayAnswerException>(() => Shell.ObserveAsync(Gateway, default));

        Sshd.StandIn.Mood = "";
        Assert.Equal(50, (await Shell.ObserveAsync(Gateway, default)).Load);
    }

    [SshdFact]
    public async Task A_program_that_ends_without_reading_a_large_bundle_is_heard_at_once_with_its_reason()
    {
        Sshd.StandIn.Mood = "curt";
        var files = new Dictionary<string, string> { ["nginx.conf"] = new('n', 3 << 20) };

        // Long before an answer would be given up.
        var answer = await Shell
            .ApplyAsync(Gateway, new Revision(9), TimeSpan.FromSeconds(30), files, full: false, _ => { }, default)
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(new GatewayAnswer.Refused("storing", "storage", "no room on this disk", new Revision(8)), answer);
        Sshd.StandIn.Mood = "";
        Assert.Equal(50, (await Shell.ObserveAsync(Gateway, default)).Load);
    }

    private static string AThousand { get; } = string.Concat(Enumerable.Range(0, 1000).Select(i => $"tcp {i}\n"));

    private Task<GatewayAnswer> Apply(int revision, string exposures, bool full = false) =>
        Shell.ApplyAsync(
            Gateway,
            new Revision(revision),
            TimeSpan.FromSeconds(30),
            new Dictionary<string, string> { ["exposures"] = exposures },
            full,
            _ => { },
            default
        );

    private async Task Confirmed(int revision, string exposures)
    {
        Sshd.StandIn.Mood = "confirms";
        await Apply(revision, exposures);
        Assert.IsType<GatewayAnswer.Done>(await Shell.ConfirmAsync(Gateway, new Revision(revision), default));
    }
}
