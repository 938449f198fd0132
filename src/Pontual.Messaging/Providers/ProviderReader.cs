using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Messaging.Providers;

/// <summary>Reads the providers in a job's <c>args</c>.</summary>
internal static class ProviderReader
{
    private const int MostProviders = 100;
    private const string Fix = "write args: { providers: [ { name: …, url: \"https://…?page={{page}}&size={{size}}\", headers: { … } } ] }";
    private static readonly string[] Keys = ["name", "url", "headers", "items", "fields", "first-page", "page-size"];

    /// <param name="args">The job's.</param>
    /// <param name="problems">Takes all that is wrong.</param>
    public static List<Provider> Read(JsonElement args, List<DocumentProblem> problems)
    {
        var providers = new List<Provider>();
        if (args.ValueKind is JsonValueKind.Undefined)
        {
            problems.Add(new("", "required", "no provider is configured", Fix));
            return providers;
        }

        if (DocumentObject.Open(args, "", problems, "providers") is not { } all)
        {
            return providers;
        }

        if (all.Get("providers") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostProviders)
        {
            problems.Add(new("/providers", "type", $"'providers' is no list of 1 to {MostProviders}", Fix));
            return providers;
        }

        var index = 0;
        foreach (var json in list.EnumerateArray())
        {
            if (ReadOne(json, $"/providers/{index++}", problems) is { } provider)
            {
                providers.Add(provider);
            }
        }

        foreach (var twice in providers.GroupBy(provider => provider.Name).Where(group => group.Count() > 1))
        {
            problems.Add(new("/providers", "duplicate-name", $"there are two providers '{twice.Key}'", "give each its own name"));
        }

        return providers;
    }

    private static Provider? ReadOne(JsonElement json, string path, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, path, problems, Keys) is not { } one)
        {
            return null;
        }

        one.Require("name", "give the provider a name");
        one.Require("url", "say where its customers are");
        var (name, url) = (one.Text("name", 100), one.Text("url", 4096));
        if (url is not null && !url.Contains("{{page}}", StringComparison.Ordinal))
        {
            one.Report("url", "page", "'url' does not say which page", "put {{page}} where the number of the page goes");
        }

        var items = one.Text("items", 200)?.Split('.') ?? ["data"];
        return name is null || url is null
            ? null
            : new Provider(
                name,
                url,
                Texts(one, "headers", problems),
                items is [""] ? [] : items,
                Fields(one, problems),
                one.Integer("first-page", 0, 1_000) ?? 1,
                one.Integer("page-size", 1, 10_000) ?? 100
            );
    }

    private static ContactFields Fields(DocumentObject provider, List<DocumentProblem> problems)
    {
        var said = Texts(provider, "fields", problems, "id", "name", "phone", "email", "document");
        var usual = ContactFields.Usual;
        return new ContactFields(
            said.GetValueOrDefault("id", usual.Id),
            said.GetValueOrDefault("name", usual.Name),
            said.GetValueOrDefault("phone", usual.Phone),
            said.GetValueOrDefault("email", usual.Email),
            said.GetValueOrDefault("document", usual.Document)
        );
    }

    private static Dictionary<string, string> Texts(
        DocumentObject provider,
        string key,
        List<DocumentProblem> problems,
        params string[] known
    )
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (provider.Get(key) is not { } json)
        {
            return texts;
        }

        var path = provider.PathOf(key);
        if (json.ValueKind is not JsonValueKind.Object)
        {
            problems.Add(new(path, "type", $"{DocumentText.Quote(json)} is not an object", "write an object of texts"));
            return texts;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!DocumentText.TryRead(member.Value, out var text) || (known.Length > 0 && !known.Contains(member.Name)))
            {
                problems.Add(
                    new(
                        $"{path}/{DocumentText.Escape(member.Name)}",
                        "type",
                        $"'{member.Name}' is no text that is known here",
                        "write a text"
                    )
                );
                continue;
            }

            texts[member.Name] = text;
        }

        return texts;
    }
}
