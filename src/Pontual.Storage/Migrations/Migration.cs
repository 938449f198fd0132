using System.Security.Cryptography;
using System.Text;
using Pontual.Storage.Database;

namespace Pontual.Storage.Migrations;

/// <summary>A step of the schema. Forward only: what has been published is never edited, the next step changes it.</summary>
/// <param name="Version">1 for the first; without gaps.</param>
/// <param name="Name">What it is about, from its file name.</param>
/// <param name="Script">The statements, for one dialect.</param>
public sealed record Migration(int Version, string Name, string Script)
{
    /// <summary>SHA-256 of the script in hexadecimal, by which an edited step is found.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    /// <summary>Whether programs of the version before can go on working beside it: the script's first line says "-- additive" or "-- breaking".</summary>
    public bool IsBreaking => Script.StartsWith("-- breaking", StringComparison.Ordinal);

    /// <summary>All steps for a dialect, in order.</summary>
    internal static IReadOnlyList<Migration> All(Dialect dialect)
    {
        var assembly = typeof(Migration).Assembly;
        var suffix = dialect is Dialect.Sqlite ? ".sqlite.sql" : ".postgresql.sql";
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Select(resource =>
                    (Resource: resource, File: resource[(resource.IndexOf("Migrations.", StringComparison.Ordinal) + 11)..])
                )
                .Where(found => char.IsAsciiDigit(found.File[0]) && found.File.EndsWith(suffix, StringComparison.Ordinal))
                .OrderBy(found => found.File, StringComparer.Ordinal)
                .Select(found => Load(found.Resource, found.File[..^suffix.Length])),
        ];

        Migration Load(string resource, string file)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return new Migration(int.Parse(file[..4]), file[5..], reader.ReadToEnd());
        }
    }
}
