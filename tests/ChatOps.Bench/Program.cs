using ChatOps.Bench;

return args is [StartBenchmark.Child, var folder] ? await StartBenchmark.ChildAsync(folder) : await Options.Read(args).RunAsync();
