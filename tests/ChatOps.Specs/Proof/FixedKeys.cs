using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Proof;

/// <summary>Keys of people that are the same each time, for the examples of the format.</summary>
internal sealed class FixedKeys : IPersonKeys
{
    private static readonly string[] People = ["operator", "approver", "admin"];

    public ValueTask<PersonKey> OfAsync(Actor person, CancellationToken cancel) => ValueTask.FromResult(Of(person.Id));

    public ValueTask<PersonKey?> FindAsync(string id, CancellationToken cancel) =>
        ValueTask.FromResult(People.Select(Of).FirstOrDefault(k => k.Id == id));

    public Task<ImmutableArray<KnownPerson>> KnownAsync(CancellationToken cancel) => Task.FromResult(ImmutableArray<KnownPerson>.Empty);

    public Task DestroyAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        throw new NotSupportedException("examples are for ever");

    public static PersonKey Of(string person)
    {
        var (id, secret) = person switch
        {
            "operator" => ("b3BlcmF0b3Itb25l", (byte)3),
            "approver" => ("YXBwcm92ZXItb25l", (byte)4),
            _ => ("YWRtaW5pc3RyYXRv", (byte)5),
        };
        return new PersonKey(id, [.. Enumerable.Repeat(secret, 32)]);
    }
}
