using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Pontual.Server.Api.Description;
using Pontual.Server.Health;

namespace Pontual.Server.Api;

/// <summary>The OpenAPI 3.1 document at /openapi/v1.json and the pages at /docs. Both are open: they hold no data.</summary>
internal static class OpenApi
{
    private const string Bearer = "bearer";

    public static void AddPontualOpenApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiDocument>();
        services.AddOpenApi(
            ApiDocument.Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(Describe);
                options.AddOperationTransformer(AddQuery);
                options.AddOperationTransformer(AddBody);
                options.AddOperationTransformer(AddScope);
                options.AddSchemaTransformer(SchemaRules.NameTypes);
            }
        );
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder app) =>
        app.MapGet("/openapi/v1.json", async (ApiDocument document) => TypedResults.Text(await document.TextAsync(), "application/json"))
            .AllowAnonymous()
            .ExcludeFromDescription();

    /// <summary>Describes an endpoint's body. It reads and checks it itself, so that every refusal is a problem of ours.</summary>
    public static RouteHandlerBuilder TakesBody(
        this RouteHandlerBuilder endpoint,
        string words,
        bool required = true,
        params IReadOnlyList<string> types
    ) => endpoint.WithMetadata(new RequestShape(words, required, types.Count == 0 ? ["application/json"] : types));

    public static void UseDocs(this IApplicationBuilder app) =>
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Pontual API";
            options.SwaggerEndpoint("/openapi/v1.json", "Pontual API v1");
        });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Pontual",
            Version = HealthView.OwnVersion,
            Description =
                "Jobs, their runs and what came of them. Errors are problem details (RFC 9457); times are UTC. "
                + "The shape of a job is in /schema/pontual.schema.json.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token made with 'pontual token create'.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task AddQuery(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var declared = context
            .Description.ActionDescriptor.EndpointMetadata.OfType<QueryParameters>()
            .SelectMany(parameters => parameters.All);
        foreach (var parameter in declared)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = ParameterLocation.Query,
                    Description = parameter.Allowed,
                    Schema = SchemaRules.Of(parameter),
                }
            );
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Idempotency.RepeatableRequest>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = Idempotency.Header,
                    In = ParameterLocation.Header,
                    Description = "Makes the request safe to send again: who sends it twice with one key gets the first answer twice.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
                }
            );
        }

        return Task.CompletedTask;
    }

    private static Task AddBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequestShape>().FirstOrDefault() is { } shape)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = shape.Words,
                Required = shape.Required,
                Content = shape.Types.ToDictionary(type => type, OpenApiMediaType (_) => new OpenApiMediaType()),
            };
        }

        return Task.CompletedTask;
    }

    private static Task AddScope(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return Task.CompletedTask;
        }

        var scope = metadata.OfType<IAuthorizeData>().FirstOrDefault()?.Policy ?? "admin";
        operation.Description = $"Needs a token of scope '{scope}'.";
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        return Task.CompletedTask;
    }
}

/// <summary>What an endpoint's body is.</summary>
internal sealed record RequestShape(string Words, bool Required, IReadOnlyList<string> Types);
