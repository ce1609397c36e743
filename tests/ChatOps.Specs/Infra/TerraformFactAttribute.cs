using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

/// <summary>A fact about the Terraform files; skipped where <c>./test</c> could not install their parser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TerraformFactAttribute : FactAttribute
{
    /// <summary>Where <c>need_hcl</c> of <c>infra/setup.sh</c> puts the parser.</summary>
    public static readonly string Modules = Path.Combine(Checkout.Root, ".run", "hcl", "node_modules");

    public TerraformFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Modules, "@cdktf", "hcl2json")))
            Skip = "the parser of Terraform files is not in .run/hcl (packages nodejs and npm, then ./test)";
    }
}
