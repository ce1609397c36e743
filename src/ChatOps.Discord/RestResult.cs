namespace ChatOps.Discord;

/// <summary>What became of a request. A no is a value: the surface can post again, tell the person, or go on.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public abstract record RestResult<T>
{
    private RestResult() { }

    /// <summary>It was done.</summary>
    public sealed record Done(T Value) : RestResult<T>;

    /// <summary>It was not.</summary>
    public sealed record Refused(RestError Why) : RestResult<T>;

    /// <summary>What came back; null when it was refused.</summary>
    public T? ValueOrDefault => this is Done done ? done.Value : default;

    /// <summary>Why it was refused; null when it was not.</summary>
    public RestError? Error => (this as Refused)?.Why;
}

/// <summary>Nothing: what comes back when there is nothing to come back.</summary>
public readonly record struct Nothing;

/// <summary>Says what an answer of Discord that is not a success means: wait, give up, or try again.</summary>
public enum Refusing
{
    /// <summary>It is not there, or no longer: a message that somebody deleted, a channel. Post again, or let it go.</summary>
    Gone,

    /// <summary>The bot may not: a permission is missing in the server or the channel, or the person takes no direct messages.</summary>
    Forbidden,

    /// <summary>The interaction cannot be answered (any more): 3 seconds or 15 minutes are over, or it was answered already.</summary>
    TooLate,

    /// <summary>The request is wrong: a bug of ours, or a text over a limit.</summary>
    Invalid,

    /// <summary>Discord could not be reached, or did not work, in all tries; whether it was done is not known.</summary>
    Unavailable,
}

/// <summary>Why a request was not done.</summary>
/// <param name="Kind">What to make of it.</param>
/// <param name="Status">The HTTP status; 0 when there was no answer.</param>
/// <param name="Code">Discord's own number of the error, such as 10008 for an unknown message; 0 for none.</param>
/// <param name="Sentence">What was being done and what came back. Has no token in it.</param>
public sealed record RestError(Refusing Kind, int Status, int Code, string Sentence);
