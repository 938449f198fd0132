namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>How a holiday comes: on a date, or so many days from Easter Sunday.</summary>
/// <param name="Name">In Portuguese, as the law calls it.</param>
/// <param name="Month">1 to 12; 0: <paramref name="Day"/> counts from Easter Sunday.</param>
/// <param name="Day">Day of the month, or days after (negative: before) Easter Sunday.</param>
/// <param name="Since">The first year in which it is one.</param>
/// <param name="Until">The last year in which it is one.</param>
internal sealed record HolidayRule(string Name, int Month, int Day, int Since = 1, int Until = 9999)
{
    public static HolidayRule FromEaster(string name, int days, int since = 1) => new(name, 0, days, since);

    public DateOnly In(int year) => Month == 0 ? Easter.Sunday(year).AddDays(Day) : new DateOnly(year, Month, Day);

    public bool Covers(DateOnly day) =>
        day.Year >= Since
        && day.Year <= Until
        && (Month == 0 ? Easter.Sunday(day.Year).AddDays(Day) == day : day.Month == Month && day.Day == Day);
}
