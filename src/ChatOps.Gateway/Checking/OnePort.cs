namespace ChatOps.Gateway.Checking;

/// <summary>A file of a daemon that has one port for all that it serves, in the lists with every server that it leads to.</summary>
/// <param name="form">How the file says the port: <c>port=PORT</c>.</param>
internal abstract class OnePort(Declared declared, string engine, string form, params Protocol[] protocols) : Examiner
{
    private readonly List<(int Line, (Ip Address, int Port) Target)> _servers = [];
    private int _port;

    /// <inheritdoc/>
    public override string? End()
    {
        if (_port == 0)
            return $"should say: {form}";
        foreach (var (line, target) in _servers)
        {
            if (declared.WhyNotLead(engine, protocols[0], _port, target) is { } why)
                return $"line {line}: {why}";
        }

        return null;
    }

    /// <summary>Takes note of the port, and says what is against it.</summary>
    protected string? Listen(int port)
    {
        if (_port > 0)
            return $"there is a {form[..form.AsSpan().IndexOfAny(" =")]} already";
        _port = port;
        return protocols.Select(p => declared.WhyNotListen(engine, p, port)).FirstOrDefault(why => why is not null);
    }

    /// <summary>Takes note of a server, which is looked at when the port is known.</summary>
    protected string? Lead(Statement statement, (Ip Address, int Port) target)
    {
        _servers.Add((statement.Line, target));
        return null;
    }
}
