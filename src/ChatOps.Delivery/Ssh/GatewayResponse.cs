using ChatOps.Core.Application.Ports;
using ChatOps.Delivery.Answers;

namespace ChatOps.Delivery.Ssh;

/// <param name="Exit">The exit status; null when a signal ended it.</param>
internal sealed record GatewayResponse(string Output, string Error, int? Exit)
{
    /// <summary>The protocol that the gateway's program speaks, as it said on this connection.</summary>
    public int Protocol { get; init; } = GatewayProtocol.Spoken;

    /// <summary>The answer in it. When there is none, standard error says why: a missing program, a shell's complaint.</summary>
    /// <exception cref="GatewayAnswerException">It is not one.</exception>
    public T Read<T>(Func<string, T> parse)
    {
        if (string.IsNullOrWhiteSpace(Output))
            throw new GatewayAnswerException(
                $"the gateway answered nothing and ended with {Ending}: {GatewayAnswerException.Excerpt(Error)}"
            );
        return parse(Output);
    }

    public string Ending => Exit is { } status ? $"exit status {status}" : "a signal";
}
