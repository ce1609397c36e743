using ChatOps.Verify;

return Command.Run(args, Console.Out, Console.Error);
