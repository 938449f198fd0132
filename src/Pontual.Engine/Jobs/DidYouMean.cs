namespace Pontual.Engine.Jobs;

/// <summary>Finds the word somebody probably meant.</summary>
public static class DidYouMean
{
    /// <returns><c>did you mean 'timeout'? </c> (with the space), or nothing when no word is close.</returns>
    public static string Hint(string written, IEnumerable<string> words) =>
        Closest(written, words) is { } word ? $"did you mean '{word}'? " : "";

    /// <summary>The word that differs least, when it differs by at most a third of its letters. Case, '-' and '_' do not count.</summary>
    public static string? Closest(string written, IEnumerable<string> words)
    {
        if (written.Length is 0 or > 64)
        {
            return null;
        }

        var plain = Plain(written);
        return words
            .Select(word => (Word: word, Distance: Distance(plain, Plain(word))))
            .Where(near => near.Distance <= Math.Max(1, near.Word.Length / 3) && near.Distance < near.Word.Length)
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Word, StringComparer.Ordinal)
            .Select(near => near.Word)
            .FirstOrDefault();
    }

    private static string Plain(string text) =>
        text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other.</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Cheapest(i, j);
            }
        }

        return rows[from.Length, to.Length];

        int Cheapest(int i, int j)
        {
            var replaced = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] ? rows[i - 2, j - 2] + 1 : int.MaxValue;
            return Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, Math.Min(replaced, swapped));
        }
    }
}
