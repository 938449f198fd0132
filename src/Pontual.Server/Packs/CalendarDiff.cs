using Pontual.Engine.Calendars;

namespace Pontual.Server.Packs;

/// <summary>What becomes of one calendar.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Fields">Keys that differ, in the documented order; empty for unchanged and removed calendars.</param>
public sealed record CalendarDiff(string Name, JobDiffKind Kind, IReadOnlyList<FieldDiff> Fields)
{
    /// <summary>Compares what is there with what is wished.</summary>
    public static IReadOnlyList<CalendarDiff> Compute(
        IEnumerable<CalendarDefinition> current,
        IReadOnlyCollection<CalendarDefinition> desired,
        bool prune
    )
    {
        var before = current.ToDictionary(calendar => calendar.Name, StringComparer.Ordinal);
        var wished = desired.Select(calendar => calendar.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. desired.Select(calendar => Between(before.GetValueOrDefault(calendar.Name), calendar)),
            .. before
                .Keys.Where(name => prune && !wished.Contains(name))
                .Order(StringComparer.Ordinal)
                .Select(name => new CalendarDiff(name, JobDiffKind.Remove, [])),
        ];
    }

    private static CalendarDiff Between(CalendarDefinition? before, CalendarDefinition after)
    {
        var fields = CalendarDocument
            .Keys.Where(key => key != "name")
            .Select(key => new FieldDiff(key, Shown(before, key), Shown(after, key)))
            .Where(field => field.Before != field.After)
            .ToList();
        var kind =
            before is null ? JobDiffKind.Create
            : fields.Count > 0 ? JobDiffKind.Update
            : JobDiffKind.Unchanged;
        return new CalendarDiff(after.Name, kind, fields);
    }

    private static string? Shown(CalendarDefinition? calendar, string key) =>
        calendar is not null && CalendarDocument.Write(calendar)[key] is { } value ? FieldDiff.Shown(value) : null;
}
