using System.Text.Json;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Packs;

/// <summary>Reads files of definitions (<c>pontual.yaml</c> and packs; JSON is YAML too) and reports all that is wrong at once.</summary>
public static class PackReader
{
    /// <summary>Every key at the top of a file.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["pack", "server", "defaults", "calendars", "queues", "gateways", "jobs"];

    private static readonly string[] Defining = ["jobs", "server", "calendars", "queues", "gateways"];

    private static readonly Dictionary<string, bool> Existing = new() { ["replace"] = false, ["keep"] = true };

    /// <summary>A file whose problems are more than this is not read further.</summary>
    public const int MostProblems = 1000;

    /// <summary>Reads files as one set: names are unique over all of them. Never throws on any text.</summary>
    /// <param name="files">The files, later ones over earlier ones.</param>
    /// <param name="checks">Further checks.</param>
    /// <param name="tenant">Whose jobs they define.</param>
    public static PackReading Read(IReadOnlyList<PackFile> files, PackChecks checks, TenantName tenant = default)
    {
        var jobs = new List<JobDefinition>();
        var problems = new List<PackProblem>();
        var left = new HashSet<JobName>();
        var server = new ServerSettings();
        var names = new Dictionary<JobName, PackProblem>();
        var calendars = new Dictionary<string, CalendarDefinition>(StringComparer.Ordinal);
        var queues = new Dictionary<string, Limit>(StringComparer.Ordinal);
        var gateways = new Dictionary<string, GatewayDefinition>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var found = new List<PackProblem>();
            var one = new OnePack(file, found, checks, tenant, names, calendars, queues, gateways);
            one.Read();
            jobs.AddRange(one.Jobs);
            left.UnionWith(one.LeavesJobs ? one.Jobs.Select(job => job.Name.In(tenant)) : []);
            server = one.Server.Over(server);
            problems.AddRange(found.Distinct().OrderBy(problem => problem.Line).ThenBy(problem => problem.Column));
        }

        return new PackReading([.. jobs.Select(job => job.In(tenant))], server, problems)
        {
            Calendars = [.. calendars.Values],
            Queues = queues,
            Gateways = [.. gateways.Values],
            LeftIfThere = left,
        };
    }

    /// <summary>Reads one file after its YAML is known.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problems">Takes its problems.</param>
    /// <param name="checks">Further checks.</param>
    /// <param name="tenant">Whose jobs it defines.</param>
    /// <param name="names">Where each name was first given, in all files so far.</param>
    /// <param name="calendars">The calendars of all files so far, by name.</param>
    /// <param name="queues">The limits of queues of all files so far.</param>
    /// <param name="gateways">The gateways of all files so far, by name.</param>
    private sealed class OnePack(
        PackFile file,
        List<PackProblem> problems,
        PackChecks checks,
        TenantName tenant,
        Dictionary<JobName, PackProblem> names,
        Dictionary<string, CalendarDefinition> calendars,
        Dictionary<string, Limit> queues,
        Dictionary<string, GatewayDefinition> gateways
    )
    {
        private YamlText _yaml = null!;
        private JobDefaults _defaults = JobDefaults.None;

        public List<JobDefinition> Jobs { get; } = [];

        public ServerSettings Server { get; private set; } = new();

        /// <summary>Whether its jobs are left as they are where they are there already.</summary>
        public bool LeavesJobs { get; private set; }

        public void Read()
        {
            _yaml = YamlText.Read(file, problems);
            if (_yaml.Root.ValueKind is JsonValueKind.Undefined)
            {
                return;
            }

            var found = new List<DocumentProblem>();
            if (DocumentObject.Open(_yaml.Root, "", found, Keys) is { } pack)
            {
                ReadPack(pack, found);
                _defaults = JobDefaults.Read(pack, found);
                Server = pack.Get("server") is { } server ? ServerSettings.Read(server, "/server", found, checks.SecretsOf) : Server;
                if (!Defining.Any(pack.Has))
                {
                    found.Add(new("", "required", "the file defines nothing", "give it 'jobs:', a list of jobs"));
                }
            }

            ReadCalendars(found);
            ReadQueues(found);
            ReadGateways(found);
            Place(found);
            ReadJobs();
        }

        private void ReadCalendars(List<DocumentProblem> found)
        {
            foreach (var (calendar, path) in PackCalendars.Read(_yaml.Root, file, found))
            {
                if (!calendars.TryAdd(calendar.Name, calendar))
                {
                    found.Add(
                        new(
                            $"{path}/name",
                            "duplicate-name",
                            $"there is a calendar '{calendar.Name}' already",
                            "give one of them another name"
                        )
                    );
                }
            }
        }

        private void ReadQueues(List<DocumentProblem> found)
        {
            foreach (var (queue, bound) in PackQueues.Read(_yaml.Root, found))
            {
                if (!queues.TryAdd(queue, bound))
                {
                    var path = $"/queues/{DocumentText.Escape(queue)}";
                    found.Add(new(path, "duplicate-name", $"the queue '{queue}' has a limit already, in another file", "keep one of them"));
                }
            }
        }

        private void ReadGateways(List<DocumentProblem> found)
        {
            foreach (var (gateway, path) in PackGateways.Read(_yaml.Root, found))
            {
                if (!gateways.TryAdd(gateway.Name, gateway))
                {
                    found.Add(
                        new(
                            $"{path}/name",
                            "duplicate-name",
                            $"there is a gateway '{gateway.Name}' already",
                            "give one of them another name"
                        )
                    );
                }
            }
        }

        private void ReadPack(DocumentObject pack, List<DocumentProblem> found)
        {
            if (pack.Get("pack") is { } about && DocumentObject.Open(about, "/pack", found, "name", "description", "existing") is { } named)
            {
                named.Text("name", 128);
                named.Text("description", 10_000);
                LeavesJobs = named.TryWord("existing", Existing, out var leaves) && leaves;
            }
        }

        private void ReadJobs()
        {
            if (_yaml.Root.ValueKind is not JsonValueKind.Object || !_yaml.Root.TryGetProperty("jobs", out var list))
            {
                return;
            }

            if (list.ValueKind is not JsonValueKind.Array)
            {
                if (list.ValueKind is not JsonValueKind.Null)
                {
                    Place([new("/jobs", "type", $"{DocumentText.Quote(list)} is not a list of jobs", "begin each job with '- name:'")]);
                }

                return;
            }

            var index = 0;
            foreach (var json in list.EnumerateArray())
            {
                ReadJob(json, $"/jobs/{index++}");
                if (problems.Count > MostProblems)
                {
                    Place([new($"/jobs/{index - 1}", "too-many", "there are too many problems to go on", "mend those above first")]);
                    return;
                }
            }
        }

        private void ReadJob(JsonElement json, string path)
        {
            var found = new List<DocumentProblem>();
            var job = JobDocument.Read(_defaults.Under(json), path, found, target => checks.Check(target, tenant));
            Place(found.Select(problem => problem with { Path = _defaults.Origin(problem.Path, path, json) }));
            if (job is null)
            {
                return;
            }

            var place = _yaml.At($"{path}/name", key: false);
            var here = new PackProblem(file.Name, place.Line, place.Column, $"{path}/name", "duplicate-name", "", "");
            if (names.TryAdd(job.Name, here))
            {
                Jobs.Add(job);
                return;
            }

            var first = names[job.Name];
            problems.Add(
                here with
                {
                    Message = $"there is a job '{job.Name}' already, in {first.File} line {first.Line}",
                    Fix = "give one of them another name",
                }
            );
        }

        private void Place(IEnumerable<DocumentProblem> found) => problems.AddRange(found.Select(Placed));

        private PackProblem Placed(DocumentProblem problem)
        {
            var atKey = problem.Rule is "unknown-key" or "conflict" or "not-available";
            var place = _yaml.At(problem.Path, atKey);
            var column = problem.Column is { } inside && place.Quote >= 0 ? place.Column + place.Quote + inside - 1 : place.Column;
            return new PackProblem(file.Name, place.Line, column, problem.Path, problem.Rule, problem.Message, problem.Fix);
        }
    }
}
