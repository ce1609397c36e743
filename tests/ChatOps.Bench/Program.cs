using ChatOps.Bench;

return await Options.Read(args).RunAsync();
