using ChatOps.Bot.Hosting;

return await BotProcess.RunAsync(args);
