using ChatOps.Delivery.Ssh;

namespace ChatOps.Local;

/// <summary>How a fresh machine becomes a gateway, for who has none yet: the line for a shell, and what comes of it.</summary>
/// <param name="working">The folder in which the line is typed; null for a line that can be typed anywhere.</param>
internal sealed class NewGateway(ControllerKey key, string program, string? working)
{
    /// <summary>The line that makes a fresh machine a gateway, ready to paste: only ADDRESS is to be put in.</summary>
    public string Line => $"{Pack} | ssh root@ADDRESS sh -s -- --name gw1";

    public string Text =>
        $"""
            There is no gateway yet. A fresh Debian or Ubuntu VM becomes one by a line in a shell here, with its address in place of ADDRESS:
              {Line}
            Where root does not log in: ... | ssh USER@ADDRESS sudo sh -s -- --name gw1. As a file it is cloud-init user data: {Pack} >gateway.sh
            The machine is closed then but for SSH with keys. The last line that comes back is to be said here, and approved by somebody else:
              gateway add gw1 ADDRESS key SHA256:...
            ChatOps logs in with {key.Identity}, which may run one program there. Its public half: {key.PublicKey}
            """;

    private string Pack =>
        $"{Quoted(GatewayFiles.Pack(program, working) ?? "infra/gateway/pack")} --authorized-key {Quoted(GatewayFiles.AsTyped(key.PublicFile, working))}";

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+".Contains(c, StringComparison.Ordinal))
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
