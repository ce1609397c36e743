using System.Diagnostics;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Web.Entry;

/// <summary>One browser that is signed in. Disposing of it ends the session and the streams that run in it.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>How many browsers of one person may be signed in; of more, the oldest is signed out.</summary>
    public const int MostPerPerson = 16;

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, string> _asked = new(StringComparer.Ordinal);

    public Session(string id, Speaker user)
    {
        (Id, User) = (id, user);

        // Taken now: a stream may still ask for it when the session is over.
        Ended = _end.Token;
    }

    /// <summary>When it began, by the clock that only goes on.</summary>
    public long Began { get; } = Stopwatch.GetTimestamp();

    /// <summary>Those of a person's sessions that are too many, the oldest first.</summary>
    public static IEnumerable<Session> Surplus(IEnumerable<Session> all, Speaker user) =>
        all.Where(s => s.User.Actor.IsSameAs(user.Actor)).OrderByDescending(s => s.Began).Skip(MostPerPerson).Reverse();

    /// <summary>Random; only the browser's cookie has it.</summary>
    public string Id { get; }

    public Speaker User { get; }

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
