using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Contacts;

/// <summary>Keeps contacts, each once by its source and the key it has there.</summary>
internal sealed class ContactStore(PontualDatabase database, IRandomBytes random, TimeProvider time)
{
    private static readonly RowSet<string> Keys = new(("external_id", ValueKind.Text, key => key));

    private static readonly Statement Known = new(
        """
        WITH {rows}
        SELECT contact.external_id, contact.hash FROM rows
        JOIN contact ON contact.tenant = @tenant AND contact.source = @source AND contact.external_id = rows.external_id
        """
    );

    private static readonly RowSet<Kept> Rows = new(
        ("id", ValueKind.Id, kept => kept.Id),
        ("external_id", ValueKind.Text, kept => kept.Contact.ExternalId),
        ("name", ValueKind.Text, kept => kept.Contact.Name),
        ("phone", ValueKind.Text, kept => kept.Contact.Phone),
        ("email", ValueKind.Text, kept => kept.Contact.Email),
        ("document", ValueKind.Text, kept => kept.Contact.Document),
        ("hash", ValueKind.Text, kept => kept.Hash)
    );

    private static readonly Statement Put = new(
        """
        WITH {rows}
        INSERT INTO contact (id, tenant, source, external_id, name, phone, email, document, hash, created_at, updated_at)
        SELECT id, @tenant, @source, external_id, name, phone, email, document, hash, @now, @now FROM rows WHERE true
        ON CONFLICT (tenant, source, external_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email,
            document = excluded.document, hash = excluded.hash, updated_at = excluded.updated_at
        """
    );

    /// <summary>Puts what is new or has changed; what is as it was stays untouched. Of a key that comes twice the last counts.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="source">Where they are from.</param>
    /// <param name="contacts">Some of the source's.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<ContactChanges> PutAsync(TenantName tenant, string source, IReadOnlyList<Contact> contacts, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<Kept> kept =
        [
            .. contacts
                .GroupBy(contact => contact.ExternalId, (_, same) => same.Last())
                .Select(contact => new Kept(RunId.New(now, random), contact, HashOf(contact))),
        ];
        return database.WriteAsync(
            async session =>
            {
                var known = await session.QueryAsync(
                    Known,
                    Keys,
                    [.. kept.Select(one => one.Contact.ExternalId)],
                    row => KeyValuePair.Create(row.Text(0), row.Text(1)),
                    ("tenant", tenant.ToString()),
                    ("source", source)
                );
                var hashes = known.ToDictionary(StringComparer.Ordinal);
                var put = kept.Where(one => hashes.GetValueOrDefault(one.Contact.ExternalId) != one.Hash).ToList();
                await session.ExecuteAsync(Put, Rows, put, ("tenant", tenant.ToString()), ("source", source), ("now", now));
                var updated = put.Count(one => hashes.ContainsKey(one.Contact.ExternalId));
                return new ContactChanges(put.Count - updated, updated);
            },
            cancellation
        );
    }

    private static string HashOf(Contact contact) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(contact))));

    private sealed record Kept(Guid Id, Contact Contact, string Hash);
}

/// <summary>What came of putting contacts.</summary>
/// <param name="Added">New ones.</param>
/// <param name="Updated">Those that had changed.</param>
internal readonly record struct ContactChanges(int Added, int Updated);
