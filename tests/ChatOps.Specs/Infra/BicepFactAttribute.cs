using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

/// <summary>A fact about the Bicep files; skipped where <c>./test</c> could not fetch their compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepFactAttribute : FactAttribute
{
    /// <summary>Where <c>need_bicep</c> of <c>infra/setup.sh</c> puts the compiler.</summary>
    public static readonly string Compiler = Path.Combine(Checkout.Root, ".run", "bicep", "bicep");

    public BicepFactAttribute()
    {
        if (!File.Exists(Compiler))
            Skip = "the Bicep CLI is not in .run/bicep (./test fetches it)";
    }
}
