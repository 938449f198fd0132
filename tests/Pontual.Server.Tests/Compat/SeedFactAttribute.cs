using Pontual.TestKit;

namespace Pontual.Server.Tests.Compat;

/// <summary>A test that reads the documents; skipped, saying so, where they are not.</summary>
internal sealed class SeedFactAttribute : FactAttribute
{
    /// <summary>Looks whether they are there.</summary>
    public SeedFactAttribute() => Skip = Seeds.AreThere ? null : $"The documents are not there: {Seeds.Folder}.";
}
