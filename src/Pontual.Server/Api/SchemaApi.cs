using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>The JSON Schema that editors complete files of definitions by. Open: it holds no data.</summary>
internal static class SchemaApi
{
    public static void MapSchema(this IEndpointRouteBuilder app) =>
        app.MapGet("/schema/pontual.schema.json", Schema)
            .AllowAnonymous()
            .Takes()
            .WithName("Schema")
            .WithSummary("The JSON Schema of files of definitions, and of a job.")
            .Produces<object>(StatusCodes.Status200OK, "application/schema+json");

    private static ContentHttpResult Schema() => TypedResults.Text(PackSchema.Text, "application/schema+json", Encoding.UTF8);
}
