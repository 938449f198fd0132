using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Server.Access;

namespace Pontual.Server.Compat;

/// <summary>The parts that S5's monitoring asks for, as long as this installation does not have them (S5-05).</summary>
internal static class PartsHealthApi
{
    private static readonly string[] NotThere = ["fila", "grupos"];

    public static void MapPartsHealth(this IEndpointRouteBuilder app)
    {
        foreach (var part in NotThere)
        {
            app.MapGet($"/health/{part}", () => TypedResults.Ok(new PartHealthView("not_configured", new Dictionary<string, long>())))
                .Needs(TokenScope.Read)
                .ExcludeFromDescription();
        }
    }
}

/// <summary>A part that is not there.</summary>
internal sealed record PartHealthView(string Status, IReadOnlyDictionary<string, long> Summary);
