using System.Security.Cryptography;
using System.Text;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Requests;

/// <summary>Who sent a request.</summary>
public abstract record Caller
{
    private Caller() { }

    /// <summary>A person of the policy file, with the line that they say.</summary>
    public sealed record Known(Speaker Speaker, string Line) : Caller;

    /// <summary>Nobody who may speak here, and what to do about it.</summary>
    public sealed record Unknown(string Sentence) : Caller;

    /// <summary>By a token of the policy file, in the header <c>Authorization: Bearer TOKEN</c>.</summary>
    public static Caller ByToken(HttpContext context, string line, Accounts accounts)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return
            header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && accounts.Tokens.TryGetValue(HashOf(header[Scheme.Length..].Trim()), out var speaker)
            ? new Known(speaker, line)
            : new Unknown("this token is nobody's. Next: chatops token makes one, and says what to put into the policy file");
    }

    /// <summary>By the account on this machine of the process at the other end of a Unix socket.</summary>
    public static Caller ByPeer(HttpContext context, string line, Accounts accounts)
    {
        var peer = UnixPeer.Of(context);
        var (byNumber, byName) = (
            accounts.Unix.GetValueOrDefault(peer.Number),
            peer.Name is { } name ? accounts.Unix.GetValueOrDefault(name) : null
        );
        if (byNumber is not null && byName is not null && !byNumber.Actor.IsSameAs(byName.Actor))
            return new Unknown(
                $"the policy file says two things of {peer}: {byNumber.Actor.Id} by its number, and {byName.Actor.Id} by its name."
            );
        return (byName ?? byNumber) is { } speaker
            ? new Known(speaker, line)
            : new Unknown(
                $"{peer} is nobody in the policy file. Next: \"unix\": \"{peer.Name ?? peer.Number}\" in the entry of the person, then systemctl restart chatops"
            );
    }

    /// <summary>What stands in the policy file for a token: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string HashOf(string token) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
}
