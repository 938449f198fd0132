using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Making, listing, editing and removing users.</summary>
internal static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users", List)
            .Needs(TokenScope.Admin)
            .Takes(Query.UserCursor, Query.Limit)
            .WithName("ListUsers")
            .WithSummary("The tenant's users in the order of their names.");
        api.MapPost("/users", Create)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("{ \"name\": …, \"role\": \"viewer\", \"operator\" or \"admin\", \"password\": 12 characters or more }")
            .WithName("CreateUser")
            .WithSummary("Makes a user.")
            .Produces<UserView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/users/{user}", Show)
            .Needs(TokenScope.Read)
            .OfOneself()
            .Takes()
            .WithName("ShowUser")
            .WithSummary("A user. Users may look at themselves.")
            .Produces<UserView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/users/{user}", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("{ \"role\": \"viewer\", \"operator\" or \"admin\", \"disabled\": true or false (optional) }")
            .WithName("PutUser")
            .WithSummary(
                "Sets a user's role, and whether logging in is refused. Read-only keys of an answer may be handed back; If-Match takes its ETag."
            )
            .Produces<UserView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapDelete("/users/{user}", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("DeleteUser")
            .WithSummary("Removes a user and ends all sessions of it.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<Page<UserView>>> List(
        HttpRequest request,
        ClaimsPrincipal caller,
        IUserStore users,
        CancellationToken cancellation
    )
    {
        var limit = Query.Limit.Of(request);
        var rows = await users.ListAsync(caller.Tenant(), Query.UserCursor.Of(request), limit + 1, cancellation);
        return TypedResults.Ok(Page<UserView>.Of(rows, limit, user => user.Name.Text, UserView.Of));
    }

    private static async Task<IResult> Show(
        UserPath user,
        ClaimsPrincipal caller,
        HttpResponse response,
        IUserStore users,
        CancellationToken cancellation
    ) =>
        user.Of(caller) is { } name && await users.FindAsync(name, cancellation) is { } found
            ? Answer(found, response, StatusCodes.Status200OK)
            : Problems.UserNotFound(user.ToString());

    private static async Task<IResult> Create(
        HttpContext context,
        IUserStore users,
        Passwords passwords,
        IRandomBytes random,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (UserBody.ReadNew(json.Value, context.User.Tenant(), problems) is not { } wish)
        {
            return Problems.InvalidDocument(problems);
        }

        var now = time.GetUtcNow();
        var user = new User(TokenSecret.NewId(random), wish.Name, wish.Role, IsDisabled: false, 1, HasTotp: false, now, now, null);
        return await users.AddAsync(user, await passwords.HashAsync(wish.Password, cancellation), context.Actor(), cancellation)
            ? Answer(user, context.Response, StatusCodes.Status201Created)
            : Problems.UserExists(wish.Name);
    }

    private static async Task<IResult> Put(
        UserPath user,
        HttpContext context,
        IUserStore users,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var ifMatch = context.Request.Headers.IfMatch.ToString();
        if (!Revisions.TryRead(ifMatch, out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the user as it was read, such as \"3\", or *");
        }

        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (UserBody.ReadEdit(json.Value, user.ToString(), problems) is not var (role, disabled))
        {
            return Problems.InvalidDocument(problems);
        }

        if (user.Of(context.User) is not { } name)
        {
            return Problems.UserNotFound(user.ToString());
        }

        var change = await users.EditAsync(name, role, disabled, expected, context.Actor(), time.GetUtcNow(), cancellation);
        return change switch
        {
            UserChange.NotFound => Problems.UserNotFound(user.ToString()),
            UserChange.Conflict => Problems.RevisionMismatch("user", name.Text, ifMatch),
            UserChange.LastAdmin => Problems.LastAdmin(name),
            _ => await users.FindAsync(name, cancellation) is { } found
                ? Answer(found, context.Response, StatusCodes.Status200OK)
                : Problems.UserNotFound(user.ToString()),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        UserPath user,
        HttpContext context,
        IUserStore users,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (user.Of(context.User) is not { } name)
        {
            return Problems.UserNotFound(user.ToString());
        }

        return await users.RemoveAsync(name, context.Actor(), time.GetUtcNow(), cancellation) switch
        {
            UserChange.NotFound => Problems.UserNotFound(user.ToString()),
            UserChange.LastAdmin => Problems.LastAdmin(name),
            _ => TypedResults.NoContent(),
        };
    }

    private static JsonHttpResult<UserView> Answer(User user, HttpResponse response, int status)
    {
        response.Headers.ETag = $"\"{user.Revision}\"";
        if (status == StatusCodes.Status201Created)
        {
            response.Headers.Location = $"/api/v1/users/{Uri.EscapeDataString(user.Name.Text)}";
        }

        return TypedResults.Json(UserView.Of(user), statusCode: status);
    }
}

/// <summary>A user in an answer: never a hash, never a secret.</summary>
internal sealed record UserView(
    string Name,
    string Tenant,
    string Role,
    bool Disabled,
    bool Totp,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLoginAt
)
{
    public static UserView Of(User user) =>
        new(
            user.Name.Text,
            user.Name.Tenant.ToString(),
            Scopes.RoleOf(user.Role),
            user.IsDisabled,
            user.HasTotp,
            user.Revision,
            user.CreatedAt,
            user.UpdatedAt,
            user.LastLoginAt
        );
}
