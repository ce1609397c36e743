using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// The language between this program and the one on a gateway: what a bundle may hold and what the verbs mean. It has a number, which a
/// gateway is asked at each connection. <c>docs/upgrading.md</c> says what each number brought.
/// </summary>
public static class GatewayProtocol
{
    /// <summary>The one that this program speaks; <c>protocol</c> in <c>src/ChatOps.Gateway/Program.cs</c>.</summary>
    public const int Spoken = 8;

    /// <summary>
    /// Why nothing can be changed on a gateway that speaks another one, as a sentence with both numbers; null when it speaks this one.
    /// </summary>
    /// <param name="protocol">What it speaks; 0 when it does not know the question.</param>
    public static string? Problem(Name<Gateway> gateway, int protocol) =>
        protocol == Spoken ? null
        : protocol < Spoken
            ? $"the program on {gateway} speaks protocol {protocol}, this ChatOps {Spoken}: nothing is changed on {gateway} before its program is as new. Next: set it up again with the line that made it a gateway (docs/upgrading.md)"
        : $"the program on {gateway} speaks protocol {protocol}, this ChatOps {Spoken}: nothing is changed on {gateway} by an older ChatOps. Next: upgrade ChatOps here (docs/upgrading.md)";
}

/// <summary>The gateway speaks another protocol than this program; nothing was sent to it.</summary>
public sealed class GatewayProtocolException(string message) : Exception(message);
