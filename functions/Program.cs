using ChatOps.Functions.Hosting;

return await FunctionApp.RunAsync(args);
