using System.Diagnostics;

namespace Pontual.Server.Metrics;

/// <summary>What the process and its runtime say of themselves, under the names that dashboards for Prometheus know.</summary>
internal static class ProcessFacts
{
    public static void WriteTo(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Single(
            "process_cpu_seconds_total",
            "counter",
            "Processor time that this process used.",
            process.TotalProcessorTime.TotalSeconds
        );
        text.Single("process_resident_memory_bytes", "gauge", "Memory of this process.", process.WorkingSet64);
        text.Single("process_threads", "gauge", "Threads of this process.", process.Threads.Count);
        text.Single(
            "process_start_time_seconds",
            "gauge",
            "When this process started.",
            new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0
        );
        text.Family("dotnet_gc_collections_total", "counter", "Garbage collections, by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample("dotnet_gc_collections_total", GC.CollectionCount(generation), ("generation", $"gen{generation}"));
        }

        text.Single("dotnet_gc_heap_bytes", "gauge", "Memory of the managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        text.Single(
            "dotnet_gc_allocated_bytes_total",
            "counter",
            "Memory that was allocated on the managed heap.",
            GC.GetTotalAllocatedBytes()
        );
        text.Single(
            "dotnet_gc_pause_seconds_total",
            "counter",
            "How long garbage collections stopped everything.",
            GC.GetTotalPauseDuration().TotalSeconds
        );
        text.Single("dotnet_thread_pool_threads", "gauge", "Threads of the thread pool.", ThreadPool.ThreadCount);
        text.Single(
            "dotnet_thread_pool_queue_length",
            "gauge",
            "Work that waits for a thread of the pool.",
            ThreadPool.PendingWorkItemCount
        );
    }
}
