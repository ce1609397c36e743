using System.Text.Json;

namespace ChatOps.Specs.Web;

internal static class PageWords
{
    /// <summary>The gateways of a picture.</summary>
    public static JsonElement[] Gateways(this JsonElement edge) => [.. edge.GetProperty("gateways").EnumerateArray()];
}
