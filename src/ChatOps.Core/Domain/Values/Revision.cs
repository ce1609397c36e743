using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// The number of a gateway's desired state: 0 before the first change, then always growing. A revision that failed keeps its number,
/// so that a gateway can refuse whatever is older than what it has been offered (fencing).
/// </summary>
/// <param name="Number">0 or more.</param>
[JsonConverter(typeof(RevisionJsonConverter))]
public readonly record struct Revision(int Number) : IComparable<Revision>
{
    /// <summary>The revision after this one.</summary>
    public Revision Next => new(Number + 1);

    /// <inheritdoc/>
    public int CompareTo(Revision other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Stores a <see cref="Revision"/> as a JSON number.</summary>
internal sealed class RevisionJsonConverter : JsonConverter<Revision>
{
    public override Revision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, Revision value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Number);
}
