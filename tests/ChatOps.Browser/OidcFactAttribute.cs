using ChatOps.StandIns.Oidc;

namespace ChatOps.Browser;

/// <summary>A fact about signing in at a real provider; skipped where <c>./test</c> could not install it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OidcFactAttribute : FactAttribute
{
    public OidcFactAttribute() => Skip = OidcProvider.Missing(Checkout.Root);
}
