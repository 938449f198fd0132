using Pontual.Cli;

return await CommandLine.RunAsync(args);
