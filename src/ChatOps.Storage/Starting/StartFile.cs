using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage.Starting;

/// <summary>
/// The file that spares a start reading the whole log. It is a cache: whatever is wrong with it, it is left aside and the log is read. It
/// is encrypted under a key that lies with the keys of people and is destroyed with the first of them, so nobody who was forgotten lives on
/// in it; without that key nobody can make one that opens.
/// </summary>
public sealed class StartFile(string path)
{
    private const string Format = "chatops start 1";

    // Who folds otherwise is another program: a state of theirs is none of ours.
    private static readonly string Program = typeof(GatewayState).Assembly.ManifestModule.ModuleVersionId.ToString();

    /// <summary>Reads it; null when it is not there, is another program's, is damaged, or does not open with the key.</summary>
    public async Task<StartPoint?> ReadAsync(IStartKeys people, CancellationToken cancel)
    {
        if (!File.Exists(path) || await people.FindStartKeyAsync(cancel) is not { } key)
            return null;
        try
        {
            await using var file = File.OpenRead(path);
            await using var opened = SealedStream.Reading(file, key.Secret.Span);
            using var from = new BinaryReader(opened);
            return from.ReadString() == Format && from.ReadString() == Program ? Read(from) : null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or InvalidDataException
                        or CryptographicException
                        or JsonException
                        or FormatException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or OverflowException
            )
        {
            return null;
        }
    }

    /// <summary>Writes it. Whoever reads meanwhile has the former one.</summary>
    /// <param name="key">The key, taken before the states were folded: when somebody was forgotten since, it opens nothing any
    /// more.</param>
    /// <param name="point">What to go on from.</param>
    /// <exception cref="IOException">It cannot be written; the next start reads the log.</exception>
    public void Write(Core.Domain.Values.PersonKey key, StartPoint point)
    {
        var made = path + ".new";
        File.Delete(made);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(made, options))
        using (var closed = SealedStream.Writing(file, key.Secret.Span))
        {
            using (var to = new BinaryWriter(closed, System.Text.Encoding.UTF8, leaveOpen: true))
            {
                to.Write(Format);
                to.Write(Program);
                Write(to, point);
            }

            closed.Finish();
        }

        File.Move(made, path, overwrite: true);
    }

    /// <summary>Deletes the file; none is no error.</summary>
    public void Delete() => File.Delete(path);

    private static void Write(BinaryWriter to, StartPoint point)
    {
        var head = new HeadForm(point.Mark, point.Folded.HasForgotten, point.People, point.Verified, point.Folded.States.Count);
        to.Write(JsonSerializer.Serialize(head));
        foreach (var state in point.Folded.States.Values)
            WholeState.Write(to, state);
    }

    private static StartPoint Read(BinaryReader from)
    {
        var head = JsonSerializer.Deserialize<HeadForm>(from.ReadString())!;
        var states = ImmutableSortedDictionary.CreateBuilder<Name<Gateway>, GatewayState>();
        for (var i = 0; i < head.Gateways; i++)
        {
            var state = WholeState.Read(from);
            states.Add(state.Name, state);
        }

        return new(head.Mark, new(head.Mark.Position, states.ToImmutable(), head.HasForgotten), head.People, head.Verified);
    }

    private sealed record HeadForm(
        LogMark Mark,
        bool HasForgotten,
        ImmutableDictionary<string, Actor> People,
        VerifiedLog Verified,
        int Gateways
    );
}
