using ChatOps.Core.Policy;

namespace ChatOps.Bot.Web;

/// <summary>One browser that is signed in. Disposing of it ends the session and the streams that run in it.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    public Session(string id, Speaker user)
    {
        (Id, User) = (id, user);

        // Taken now: a stream may still ask for it when the session is over.
        Ended = _end.Token;
    }

    /// <summary>Random; only the browser's cookie has it.</summary>
    public string Id { get; }

    /// <summary>Whose lines come from here.</summary>
    public Speaker User { get; }

    /// <summary>Cancelled when the session ends.</summary>
    public CancellationToken Ended { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }
}
