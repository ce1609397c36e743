using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>Preshared keys travel sealed and nowhere else, and only for peers that want one.</summary>
public sealed class SecretsSpecs
{
    private const string Vm1 = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";
    private const string Laptop = "4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";
    private const string Kept = "PresharedKey = KEPT-ON-THE-GATEWAY\n";

    [Theory]
    [InlineData(
        $"PublicKey = {Laptop}\n{Kept}",
        $"PublicKey = {Laptop}\nPresharedKey = {Vm1}\n",
        "line 10: should be: PresharedKey = KEPT-ON-THE-GATEWAY"
    )]
    [InlineData($"PublicKey = {Laptop}\n{Kept}", $"{Kept}PublicKey = {Laptop}\n", "line 9: should come after a line: PublicKey = KEY")]
    [InlineData($"PublicKey = {Laptop}\n{Kept}", $"PublicKey = {Laptop}\n{Kept}{Kept}", "line 11: this peer has a preshared key already")]
    [InlineData($"PublicKey = {Vm1}\n", $"PublicKey = {Vm1}\n{Kept}", $"line 23: secrets has none of {Vm1}")]
    [InlineData($"PublicKey = {Vm1}\n", $"PublicKey = {Vm1}\nPublicKey = {Vm1}\n", "line 23: this peer has a key already")]
    public void The_tunnels_file_has_no_preshared_key_but_asks_for_one_that_is_there(string text, string replacement, string reason) =>
        IsRefused("wg0.conf", text, replacement, reason);

    [Theory]
    [InlineData("psk 4zpV", "key 4zpV", "line 2: key is not allowed here")]
    [InlineData("psk 4zpV", "psk  4zpV", "line 2: should be: psk KEY KEY BOX")]
    [InlineData("=\n", "\n", "line 1: should be: psk KEY KEY BOX")]
    [InlineData("=\n", "==\n", "line 1: should be: psk KEY KEY BOX")]
    [InlineData("=\n", "= /etc/shadow\n", "line 1: should be: psk KEY KEY BOX")]
    public void A_row_of_secrets_is_a_box_and_whose_it_is(string text, string replacement, string reason)
    {
        var bundle = Bundle.Named("preshared").With("secrets", text, replacement);
        Assert.Equal(reason, SecretsFile.Format.Check(bundle.Files["secrets"], bundle.Declared())?.Reason);
    }

    [Fact]
    public void Of_a_peer_a_gateway_has_one_box()
    {
        var bundle = Bundle.Named("preshared");
        var rows = bundle["secrets"].Split('\n');
        Assert.Equal(
            "line 3: there is one of this peer for this gateway already",
            bundle.With("secrets", bundle["secrets"] + rows[0] + "\n").Check()?.Reason
        );
        Assert.Null(bundle.With("secrets", bundle["secrets"] + rows[0].Replace(" 6zpV", " 7zpV", StringComparison.Ordinal) + "\n").Check());
    }

    [Fact]
    public void A_box_is_for_a_peer_of_the_tunnels_file_that_wants_one()
    {
        var bundle = Bundle.Named("preshared");
        var row = bundle["secrets"].Split('\n')[1].Replace("psk 4zpV", "psk 5zpV", StringComparison.Ordinal);
        var fault = bundle.With("secrets", $"{bundle["secrets"]}{row}\n").Check();
        Assert.Equal(
            ("secrets", $"line 3: wg0.conf has no peer {Vm1} with: PresharedKey = KEPT-ON-THE-GATEWAY"),
            (fault?.File, fault?.Reason)
        );
    }

    [Fact]
    public void A_bundle_without_secrets_has_no_peer_that_wants_one()
    {
        var bundle = Bundle.Named("preshared").With("secrets", "");
        Assert.Equal($"line 10: secrets has none of {Laptop}", bundle.Check()?.Reason);
    }

    [Fact]
    public void Secrets_that_change_are_held_against_the_tunnels_file_that_does_not()
    {
        var bundle = Bundle.Named("preshared");
        Assert.Contains("wg0.conf", BundleCheck.ToLookAt(bundle.Files, ["secrets"]).Keys);
    }

    private static void IsRefused(string file, string text, string replacement, string reason)
    {
        var fault = Bundle.Named("preshared").With(file, text, replacement).Check();
        Assert.Equal((file, reason), (fault?.File, fault?.Reason));
    }
}
