namespace Pontual.Runners.Process;

/// <summary>Reads the process table once for all who ask at the same time, so that stopping a hundred runs costs little more than stopping one.</summary>
internal sealed class SharedProcessTable(bool marksInEnvironment)
{
    private readonly Lock _gate = new();
    private Task _current = Task.CompletedTask;
    private Task<ProcessTable>? _next;

    /// <summary>A table read after this call.</summary>
    public Task<ProcessTable> ReadAsync()
    {
        lock (_gate)
        {
            return _next ??= ReadAfterAsync(_current);
        }
    }

    private async Task<ProcessTable> ReadAfterAsync(Task current)
    {
        await current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            (_current, _next) = (_next!, null);
        }

        return ProcessTable.Read(marksInEnvironment);
    }
}
