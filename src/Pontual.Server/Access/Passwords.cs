using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Pontual.Server.Access;

/// <summary>Why a password will not do.</summary>
internal enum PasswordProblem
{
    TooShort,
    TooLong,
    IsName,

    /// <summary>Fewer than four different characters.</summary>
    Dull,
}

/// <summary>Hashes passwords by the framework's hasher (PBKDF2 with HMAC-SHA512 and a salt of 128 bits) and compares with such hashes.</summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>Fewest characters of a password.</summary>
    public const int Shortest = 12;

    /// <summary>Most characters of a password.</summary>
    public const int Longest = 200;

    private const int Iterations = 210_000;
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _dummy;

    public Passwords() => _dummy = new Lazy<string>(() => _hasher.HashPassword(Nobody, "no password of anybody"));

    /// <summary>What is wrong with a password that somebody chose; null when nothing is.</summary>
    public static PasswordProblem? ProblemOf(string password, string name) =>
        password.Length < Shortest ? PasswordProblem.TooShort
        : password.Length > Longest ? PasswordProblem.TooLong
        : password.Equals(name, StringComparison.OrdinalIgnoreCase) ? PasswordProblem.IsName
        : password.Distinct().Count() < 4 ? PasswordProblem.Dull
        : null;

    /// <summary>The hash to keep of a password.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellation) =>
        TakeTurnAsync(() => _hasher.HashPassword(Nobody, password), cancellation);

    /// <summary>Compares. Where there is no hash it takes the same time, and is wrong.</summary>
    /// <returns>Whether it is right, and whether it should be hashed anew because the kept hash is weaker than what is made now.</returns>
    public async Task<(bool IsRight, bool IsWeak)> CheckAsync(string? hash, string password, CancellationToken cancellation)
    {
        if (password.Length > Longest)
        {
            return (false, false);
        }

        var result = await TakeTurnAsync(() => _hasher.VerifyHashedPassword(Nobody, hash ?? _dummy.Value, password), cancellation);
        return (
            hash is not null && result is not PasswordVerificationResult.Failed,
            result is PasswordVerificationResult.SuccessRehashNeeded
        );
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>Hashing is slow by design: half of the processors at most do it, the rest go on with jobs.</summary>
    private async Task<T> TakeTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }
}
