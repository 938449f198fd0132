using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Pages;

/// <summary>Leads on after a form was sent (303): reloading the next page sends nothing again.</summary>
/// <param name="path">A path of this server.</param>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
