using ChatOps.Local;

return await LocalOptions.ReadAsync(args, LocalHost.RunAsync);
