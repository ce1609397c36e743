namespace ChatOps.Core.Domain.Gateways;

/// <summary>How a gateway pools PostgreSQL connections, as the plan says it and the file has it.</summary>
public static class PostgresPool
{
    /// <summary>
    /// How many connections to the server one user has for one database; each client keeps one as long as it is connected.
    /// </summary>
    public const int Sessions = 50;

    /// <summary>How many clients there are at once, those that wait among them.</summary>
    public const int Clients = 2000;

    /// <summary>How long a client waits for a connection to the server before it is refused.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
