using System.Xml.Linq;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// Has the framework ask, before a request of the page is handled, whether it came under our name, who sent it, and whether the address
/// lets that through.
/// </summary>
internal static class PageAccess
{
    public static void Add(IServiceCollection services, PageSignIn entrance)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new NoKeys());
        services.AddAuthorization().AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        entrance.Add(services.AddAuthentication(PageSignIn.Scheme));
    }

    public static void Use(WebApplication app, PageSignIn entrance)
    {
        app.UseRouting();
        app.UseWhen(context => IsOfPage(context, entrance), page => page.Use(next => Guard.Around(entrance, next)));
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Addresses that are the page's: they answer under its own name only.</summary>
    public static RouteGroupBuilder MapPage(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithMetadata(new OfPage());

    private static bool IsOfPage(HttpContext context, PageSignIn entrance) =>
        context.GetEndpoint()?.Metadata.GetMetadata<OfPage>() is not null || entrance.IsCallback(context.Request.Path);

    private sealed record OfPage;

    // What protects cookies ends with the process, as sessions do; the framework would leave keys in somebody's home.
    private sealed class NoKeys : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [];

        public void StoreElement(XElement element, string friendlyName) { }
    }
}
