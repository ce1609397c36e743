namespace ChatOps.Discord;

/// <summary>A bot's or an interaction's token: whoever has it can speak in its name, so it prints as dots wherever it is printed.</summary>
public sealed record Secret
{
    private readonly string _value;

    /// <summary>Keeps what is secret.</summary>
    public Secret(string value) => _value = value;

    /// <summary>The secret itself, for the one place that sends it.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => "(secret)";
}
