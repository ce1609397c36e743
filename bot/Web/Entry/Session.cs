using ChatOps.Core.Policy;

namespace ChatOps.Bot.Web.Entry;

/// <summary>One browser that is signed in. Disposing of it ends the session and the streams that run in it.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, string> _asked = new(StringComparer.Ordinal);

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

    /// <summary>False for the question that was asked last of its kind: it is only looked at again.</summary>
    public bool Asks(string kind, string question)
    {
        lock (_asked)
        {
            if (_asked.TryGetValue(kind, out var last) && last == question)
                return false;
            _asked[kind] = question;
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }
}
