using System.Text;
using System.Text.Json;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>Writes JSON with mistakes in it: values of other kinds, keys left out, made up, or given twice.</summary>
internal static class Spoiled
{
    public static string Json(JsonElement json, Random random, double evil)
    {
        var text = new StringBuilder();
        Write(json, text, random, evil / 4);
        return text.ToString();
    }

    private static void Write(JsonElement json, StringBuilder text, Random random, double evil)
    {
        if (random.NextDouble() < evil / 2)
        {
            text.Append(Hostile.Json(random));
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            WriteObject(json, text, random, evil);
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            text.Append('[');
            foreach (var item in json.EnumerateArray())
            {
                text.Append(text[^1] == '[' ? "" : ",");
                Write(item, text, random, evil);
            }

            text.Append(']');
        }
        else
        {
            text.Append(json.GetRawText());
        }
    }

    private static void WriteObject(JsonElement json, StringBuilder text, Random random, double evil)
    {
        var members = new List<string>();
        foreach (var property in json.EnumerateObject().Where(_ => random.NextDouble() >= evil / 4))
        {
            var key = random.NextDouble() < evil / 8 ? Hostile.Text(random) : property.Name;
            var value = new StringBuilder();
            Write(property.Name is "wait" ? JsonElement.Parse("0") : property.Value, value, random, evil);
            var member = $"{JsonSerializer.Serialize(key)}:{value}";
            members.AddRange(Enumerable.Repeat(member, random.NextDouble() < evil / 10 ? 2 : 1));
        }

        if (random.NextDouble() < evil / 4)
        {
            members.Add($"{JsonSerializer.Serialize(Hostile.Text(random))}:{Hostile.Json(random)}");
        }

        text.Append('{').AppendJoin(',', members).Append('}');
    }
}
