using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

/// <summary>A test over rows that reads the documents; skipped, saying so, where they are not.</summary>
internal sealed class SeedTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks whether they are there.</summary>
    public SeedTheoryAttribute() => Skip = Seeds.AreThere ? null : $"The documents are not there: {Seeds.Folder}.";
}
