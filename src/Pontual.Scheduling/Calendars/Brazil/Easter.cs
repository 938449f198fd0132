namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>Easter Sunday of the Gregorian calendar.</summary>
public static class Easter
{
    /// <summary>By the "anonymous" algorithm (Nature, 20 April 1876; Meeus, Astronomical Algorithms, chapter 8), which holds for every year.</summary>
    /// <param name="year">1 to 9999; before 1583 the Gregorian calendar is carried back.</param>
    public static DateOnly Sunday(int year)
    {
        var golden = year % 19;
        var (century, inCentury) = Math.DivRem(year, 100);
        var skippedLeaps = century - (century / 4);
        var moonCorrection = (century - ((century + 8) / 25) + 1) / 3;
        var moon = ((19 * golden) + skippedLeaps - moonCorrection + 15) % 30; // the epact: the full moon, in days after 21 March
        var toSunday = (32 + (2 * (century % 4)) + (2 * (inCentury / 4)) - moon - (inCentury % 4)) % 7;
        var late = (golden + (11 * moon) + (22 * toSunday)) / 451;
        var (month, day) = Math.DivRem(moon + toSunday - (7 * late) + 114, 31);
        return new DateOnly(year, month, day + 1);
    }
}
