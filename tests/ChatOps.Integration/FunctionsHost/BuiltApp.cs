using System.Reflection;
using ChatOps.Specs.Conventions;

namespace ChatOps.Integration.FunctionsHost;

/// <summary>The function app as the build laid it out: what <c>dotnet publish</c> copies.</summary>
internal static class BuiltApp
{
    private static readonly string Configuration = typeof(BuiltApp)
        .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
        .Configuration;

    public static string Folder => Path.Combine(Checkout.Root, "functions", "bin", Configuration, "net10.0");
}
