using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

/// <summary>The cloud edition's template, compiled once for all facts about it.</summary>
public sealed class CompiledBicep
{
    /// <summary>Where the files are.</summary>
    public static string Folder { get; } = Path.Combine(Checkout.Root, "infra", "azure");

    private readonly Lazy<Task<Arm>> _main = new(async () =>
    {
        var built = await Script.RunAsync(BicepFactAttribute.Compiler, ["build", Path.Combine(Folder, "main.bicep"), "--stdout"]);
        Assert.True(built.Exit == 0, built.Errors);
        return Arm.Load(built.Output);
    });

    internal Task<Arm> MainAsync() => _main.Value;
}
