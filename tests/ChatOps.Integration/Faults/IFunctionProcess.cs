namespace ChatOps.Integration.Faults;

/// <summary>The process that changes gateways, however it is run.</summary>
internal interface IFunctionProcess : IAsyncDisposable
{
    /// <summary>Where requests are taken; the same after it was started again.</summary>
    Uri At { get; }

    /// <summary>How often it was killed.</summary>
    int Kills { get; }

    string[] Said { get; }

    /// <summary>Ends the process as kill -9 does, and waits until it runs again.</summary>
    Task KillAsync();
}
