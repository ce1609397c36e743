using System.CommandLine;

namespace ChatOps.Local.Commands;

/// <summary>The options that say which gateways there are and how they are reached.</summary>
internal sealed class WayOptions
{
    private readonly Option<string?> _lab = new("--lab") { Description = "the lab's lab.json: its gateways are reached over SSH" };
    private readonly Option<string?> _gateway = new("--gateway")
    {
        Description = "folder:PATH: render, check and write the files there instead",
    };
    private readonly Option<bool> _own = new("--own") { Description = "gateways of one's own: those that somebody adds, reached over SSH" };
    private readonly Option<string?> _identity = new("--identity")
    {
        Description =
            "with --own: the private key's file, \"agent\" for the key of the SSH agent, or FILE.pub for one of its keys; when not given, a key is made in the data folder",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _lab, _gateway, _own, _identity })
            command.Options.Add(option);
    }

    /// <summary>Reads them. What is wrong with them, or null.</summary>
    /// <param name="way">What they say; null when they say nothing.</param>
    public string? Read(ParseResult parsed, out GatewayWay? way)
    {
        var (lab, gateway, isOwn, identity) = (
            parsed.GetValue(_lab),
            parsed.GetValue(_gateway),
            parsed.GetValue(_own),
            parsed.GetValue(_identity)
        );
        way = null;
        if (gateway is not null && !gateway.StartsWith("folder:", StringComparison.Ordinal))
            return $"--gateway {gateway}: expected folder:PATH";
        var given = new[] { gateway is not null, lab is not null, isOwn }.Count(g => g);
        if (given > 1)
            return "expected one of --lab FILE, --gateway folder:PATH and --own";
        if (identity is not null && !isOwn)
            return "--identity goes with --own";
        way = given == 0 ? null : new(lab, gateway?["folder:".Length..], identity);
        return null;
    }
}
