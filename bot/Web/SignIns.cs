using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Web;

/// <summary>
/// Who may enter the page: one link a user, made of a random token at start, and the sessions that the links began. All of it is in memory:
/// a restart makes new links and ends all sessions.
/// </summary>
public sealed class SignIns(ImmutableArray<Speaker> users)
{
    private const int TokenBytes = 32;

    private readonly ImmutableArray<(Speaker User, string Token)> _tokens = [.. users.Select(u => (u, NewToken()))];
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>The link that signs a user in. Whoever has it is that user.</summary>
    /// <param name="user">One of the users.</param>
    /// <param name="baseUri">Where the page is: <c>http://127.0.0.1:5080</c>.</param>
    public Uri LinkFor(Speaker user, Uri baseUri) =>
        new(baseUri, $"/sign-in?token={_tokens.First(t => t.User.Actor.IsSameAs(user.Actor)).Token}");

    /// <summary>Begins a session; null when the token is nobody's.</summary>
    internal Session? Begin(string token)
    {
        // All tokens are compared, each in constant time: how long it takes says nothing about how close a guess was.
        var given = Encoding.UTF8.GetBytes(token);
        var user = (Speaker?)null;
        foreach (var (known, expected) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(expected)))
                user = known;
        }

        if (user is null)
            return null;
        var session = new Session(NewToken(), user);
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>The session with an id, or null.</summary>
    internal Session? Find(string? id) => id is not null && _sessions.TryGetValue(id, out var session) ? session : null;

    /// <summary>Ends a session and whatever still runs in it.</summary>
    internal void End(Session session)
    {
        if (_sessions.TryRemove(session.Id, out _))
            session.Dispose();
    }

    private static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
}
