namespace ChatOps.Functions.Hosting;

/// <summary>A function that its host calls: the class beside a function.json. An exception fails the call, and the trigger decides about another try.</summary>
internal interface IFunction
{
    /// <summary>The folder that its function.json is in.</summary>
    string Name { get; }

    /// <summary>Does its work.</summary>
    Task RunAsync(Invocation call, CancellationToken cancel);
}
