#!/usr/bin/env python3
"""Writes zones.txt: what Python's zoneinfo says about 45 zones from 2017 to 2045, for tests to compare with.

    python3 zones.py [--tzdata FOLDER]     FOLDER: a compiled zone database; the system's unless said (apt-get install tzdata)

Use the database version that Zone.DatabaseVersion shows, or the tests report each rule that changed between the two as a difference.
Nothing is taken from the rules' source: offsets are asked hour by hour, changes found by halving, and gaps and overlaps told by whether a local
time survives the way to UTC and back (PEP 495).
"""
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone
from pathlib import Path

ZONES = """
Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Juba Africa/Lagos Africa/Sao_Tome
America/Argentina/Buenos_Aires America/Asuncion America/Bogota America/Caracas America/Chicago America/Havana America/Los_Angeles
America/Manaus America/Mexico_City America/New_York America/Noronha America/Nuuk America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns
Antarctica/Casey Antarctica/Troll
Asia/Almaty Asia/Amman Asia/Beirut Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Kolkata Asia/Pyongyang Asia/Tehran Asia/Tokyo
Australia/Lord_Howe Australia/Sydney
Europe/Berlin Europe/Dublin Europe/Istanbul Europe/Lisbon Europe/London Europe/Volgograd
Pacific/Chatham Pacific/Norfolk
""".split()
FIRST = datetime(2017, 1, 1, tzinfo=timezone.utc)
END = datetime(2046, 1, 1, tzinfo=timezone.utc)
SAMPLE = timedelta(seconds=1_000_003)


def offset(zone, at):
    return int(at.astimezone(zone).utcoffset().total_seconds()) // 60


def changes(zone):
    """Every instant at which the offset changes, to the second."""
    hour = timedelta(hours=1)
    at, before = FIRST, offset(zone, FIRST)
    while at < END:
        after = offset(zone, at + hour)
        if after != before:
            low, high = at, at + hour
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
            yield high, before, after
            before = after
        at += hour


def kind(zone, local):
    """One letter: how often clocks show a local time."""
    passes = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    if passes[0].utcoffset() == passes[1].utcoffset():
        return "s"
    back = passes[0].astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None)
    return "r" if back == local else "m"


def instants(zone, local):
    """A local time by both folds, as minutes of offset."""
    return "/".join(str(int(local.replace(tzinfo=zone, fold=fold).utcoffset().total_seconds()) // 60) for fold in (0, 1))


def probes(zone, at, before, after):
    """The local times at both edges of a gap or overlap, a second outside of them, and in the middle."""
    one, other = sorted((at + timedelta(minutes=before), at + timedelta(minutes=after)))
    second = timedelta(seconds=1)
    for local in (one - second, one, one + (other - one) / 2, other - second, other):
        local = local.replace(tzinfo=None)
        yield f"{kind(zone, local)}{instants(zone, local)}"


def samples(zone):
    """Offsets at 2017-01-01T00:00Z and every 1,000,003 seconds after it, equal ones in a row as OFFSETxTIMES."""
    runs = []
    at = FIRST
    while at < END:
        value = offset(zone, at)
        if runs and runs[-1][0] == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
        at += SAMPLE
    return " ".join(f"{value}x{count}" for value, count in runs)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--tzdata":
        zoneinfo.reset_tzpath([str(Path(sys.argv[2]).resolve())])
    elif len(sys.argv) != 1:
        sys.exit(__doc__)
    version = (Path(zoneinfo.TZPATH[0]) / "tzdata.zi").read_text().split("\n", 1)[0].removeprefix("# version ")
    lines = [
        "# What Python's zoneinfo says of some zones, 2017 to 2045; written by zones.py, which explains it.",
        f"# database {version}",
        "# zone ID, then 'offsets' (minutes x times, from 2017-01-01T00:00Z every 1,000,003 s), then one line for each change:",
        "# UTC instant, offset before, offset after, and five local times (a second before the earlier edge, that edge, the middle, a second before the",
        "# later edge, that edge): single, missing or repeated, and the offsets of both folds.",
    ]
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        lines += [f"zone {name}", f"offsets {samples(zone)}"]
        for at, before, after in changes(zone):
            lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ} {before} {after} {' '.join(probes(zone, at, before, after))}")
    (Path(__file__).parent / "zones.txt").write_text("\n".join(lines) + "\n")
    print(f"{len(ZONES)} zones, {len(lines)} lines, database {version}")


if __name__ == "__main__":
    main()
