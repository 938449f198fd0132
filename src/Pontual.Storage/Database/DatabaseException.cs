namespace Pontual.Storage.Database;

/// <summary>What went wrong with a database, as far as callers treat it differently.</summary>
public enum DatabaseFault
{
    /// <summary>Anything without a treatment of its own: a defect or an unknown condition.</summary>
    Other,

    /// <summary>A unique or check constraint refused a row.</summary>
    Constraint,

    /// <summary>The disk (or quota) is full; nothing of the write was kept.</summary>
    Full,

    /// <summary>The file is damaged or is no database of ours.</summary>
    Corrupt,

    /// <summary>The file, its folder or the server does not let this user write.</summary>
    Permission,

    /// <summary>Somebody else held the database (or its connections) for too long, or a statement took longer than its limit. Nothing of the write was kept.</summary>
    Busy,

    /// <summary>The server cannot be reached, or the connection broke. Nothing of the write was kept.</summary>
    Unavailable,

    /// <summary>The connection broke during a commit: whether the write happened is not known, and could not be found out.</summary>
    Unanswered,

    /// <summary>The database was made by a newer version of the program, or its migrations were changed.</summary>
    Schema,

    /// <summary>What was asked for is not what the database has.</summary>
    Refused,
}

/// <summary>A database refused or failed. The message names the place and the next step; nothing of the failed transaction was kept unless it says so.</summary>
public sealed class DatabaseException(DatabaseFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it was.</summary>
    public DatabaseFault Fault { get; } = fault;
}
