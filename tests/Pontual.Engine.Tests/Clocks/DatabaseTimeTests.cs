using Pontual.Engine.Clocks;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Clocks;

public sealed class DatabaseTimeTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(700);

    private readonly ManualTime _machine = new();
    private readonly DatabaseTime _time;

    public DatabaseTimeTests() => _time = new DatabaseTime(_machine);

    [Fact]
    public void Before_the_first_reading_it_is_the_machines_clock()
    {
        _time.GetUtcNow().ShouldBe(_machine.GetUtcNow());
        _time.MachineOffset.ShouldBeNull();
    }

    [Fact]
    public void After_a_reading_it_is_the_databases_clock_and_goes_on_whatever_is_done_to_the_machines()
    {
        var database = _machine.GetUtcNow() + Ahead;
        Read(database, roundTrip: TimeSpan.Zero);

        _machine.Jump(TimeSpan.FromHours(-3));
        _machine.Advance(TimeSpan.FromSeconds(5));

        _time.GetUtcNow().ShouldBe(database.AddSeconds(5));
        _time.MachineOffset.ShouldBe(TimeSpan.FromHours(-3) - Ahead);
    }

    [Fact]
    public void The_first_reading_is_taken_at_the_middle_of_its_round_trip()
    {
        var said = _machine.GetUtcNow() + Ahead;

        Read(said, roundTrip: TimeSpan.FromMilliseconds(80));

        _time.GetUtcNow().ShouldBe(said.AddMilliseconds(40));
    }

    [Fact]
    public void A_slow_answer_changes_nothing_that_a_quick_one_settled_and_a_quick_one_corrects_a_slow_one()
    {
        Read(Database(), roundTrip: TimeSpan.FromMilliseconds(400));
        Error().ShouldBe(TimeSpan.FromMilliseconds(-200));

        Read(Database(), roundTrip: TimeSpan.FromMilliseconds(2));
        Error().Duration().ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(2));
        var settled = Error();

        Read(Database(), roundTrip: TimeSpan.FromMilliseconds(400));
        Error().ShouldBe(settled);

        DateTimeOffset Database() => _machine.GetUtcNow() + Ahead;
        TimeSpan Error() => _time.GetUtcNow() - Database();
    }

    [Fact]
    public void It_holds_still_where_it_was_ahead_and_goes_on_when_the_database_has_caught_up()
    {
        Read(_machine.GetUtcNow() + Ahead, TimeSpan.Zero);
        var shown = _time.GetUtcNow();

        Read(_machine.GetUtcNow() + Ahead - TimeSpan.FromMilliseconds(300), TimeSpan.Zero);

        _time.GetUtcNow().ShouldBe(shown);
        _machine.Advance(TimeSpan.FromMilliseconds(299));
        _time.GetUtcNow().ShouldBe(shown);
        _machine.Advance(TimeSpan.FromMilliseconds(101));
        _time.GetUtcNow().ShouldBe(shown.AddMilliseconds(100));
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(30)]
    public void Another_servers_clock_is_taken_over_at_once(int seconds)
    {
        Read(_machine.GetUtcNow(), TimeSpan.Zero);

        Read(_machine.GetUtcNow().AddSeconds(seconds), TimeSpan.Zero);

        _time.GetUtcNow().ShouldBe(_machine.GetUtcNow().AddSeconds(seconds));
    }

    [Fact]
    public void It_never_goes_back_over_a_thousand_readings_of_a_drifting_clock()
    {
        var random = new Random(20261121);
        var drift = 0.0;
        Read(_machine.GetUtcNow(), TimeSpan.FromMilliseconds(5));
        var shown = _time.GetUtcNow();
        for (var i = 0; i < 1_000; i++)
        {
            _machine.Advance(TimeSpan.FromMilliseconds(random.Next(1, 3_000)));
            drift += random.Next(-20, 20);
            _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(shown);
            Read(_machine.GetUtcNow().AddMilliseconds(drift), TimeSpan.FromMilliseconds(random.Next(0, 50)));
            _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(shown);
            shown = _time.GetUtcNow();
            var error = shown - _machine.GetUtcNow().AddMilliseconds(drift);
            error.ShouldBeInRange(TimeSpan.FromMilliseconds(-50), TimeSpan.FromMilliseconds(90));
        }
    }

    /// <summary>A reading whose answer says what the clock showed as it was asked; its round trip goes by.</summary>
    private void Read(DateTimeOffset said, TimeSpan roundTrip)
    {
        var asked = _machine.GetTimestamp();
        _machine.Advance(roundTrip);
        _time.Take(said, asked, _machine.GetTimestamp());
    }
}
