using System.Text;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Datagrams;

/// <summary>
/// The relay's service: what its file says, and a socket of this machine by which root has it read the file again, asks what it does, or
/// ends sessions. One line is a question: <c>load</c>, answered <c>ok</c> or with why not; <c>show</c>; <c>waiting</c>, answered with a
/// line for each port that somebody else has; <c>sessions</c>, answered with a line <c>CLIENT PUBLIC</c> for each; <c>end CLIENT
/// PUBLIC;...</c>.
/// </summary>
internal static class RelayControl
{
    public const string File = $"{Places.Run}/udprelay.conf";
    public const string Socket = "/run/chatops-udprelay/control.sock";

    private const string Done = "ok";
    private const int TimeoutMilliseconds = 1_000,
        LongestQuestion = 8 << 20;

    public static int Serve(string file = File, string socket = Socket)
    {
        using var relay = new DatagramRelay(Say);
        var ports = new WaitingPorts(relay, file, Say);
        if (ports.Load(isStart: true) is { } why)
        {
            Say(why);
            return 1;
        }

        using var door = Open(relay, ports, socket);
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } manager)
        {
            using var wire = Wire.To(manager, Libc.Datagram);
            wire.Send("READY=1"u8);
        }

        for (; ; ports.Look())
            relay.Turn();
    }

    /// <summary>Takes questions from now on, whenever the relay looks for datagrams.</summary>
    public static Wire Open(DatagramRelay relay, WaitingPorts ports, string socket)
    {
        System.IO.File.Delete(socket);
        var door = Wire.On(socket);
        relay.Watch(door.Handle, () => Answer(door, relay, ports));
        return door;
    }

    /// <summary>Has the service read its file again: null, or why it does not.</summary>
    public static string? Load(string socket = Socket) => Ask(socket, "load") is var said && said == Done ? null : said;

    /// <summary>What the service does, as <see cref="RelayFile.Shown"/> writes it.</summary>
    public static string Show(string socket = Socket) => Ask(socket, "show");

    /// <summary>The ports that wait for somebody else to let them go; none when it does not run.</summary>
    public static IReadOnlyList<Endpoint> Waiting(string socket = Socket) =>
        System.IO.File.Exists(socket)
            ?
            [
                .. Ask(socket, "waiting")
                    .Split('\n')
                    .Select(l => Endpoint.TryParse(l, out var port) ? port : (Endpoint?)null)
                    .OfType<Endpoint>(),
            ]
            : [];

    /// <summary>Whose datagrams the service carries; nobody's when it does not run.</summary>
    public static IReadOnlyList<(Endpoint Client, Endpoint Public)> Sessions(string socket = Socket) =>
        System.IO.File.Exists(socket) ? [.. Ask(socket, "sessions").Split('\n').Select(Read).OfType<(Endpoint, Endpoint)>()] : [];

    /// <summary>Ends some of them: null, or why it does not.</summary>
    public static string? End(IEnumerable<(Endpoint Client, Endpoint Public)> sessions, string socket = Socket) =>
        Ask(socket, $"end {string.Join(';', sessions.Select(s => $"{s.Client} {s.Public}"))}") is var said && said == Done ? null : said;

    private static (Endpoint Client, Endpoint Public)? Read(string words) =>
        words.Split(' ') is [var client, var where] && Endpoint.TryParse(client, out var from) && Endpoint.TryParse(where, out var to)
            ? (from, to)
            : null;

    private static string End(DatagramRelay relay, string sessions)
    {
        foreach (var (client, where) in sessions.Split(';').Select(Read).OfType<(Endpoint, Endpoint)>())
            relay.End(client, where);
        return Done;
    }

    // Up to the end of a line.
    private static string Question(Wire wire)
    {
        var buffer = new byte[65_536];
        using var came = new MemoryStream();
        while (came.Length < LongestQuestion && wire.Receive(buffer, TimeoutMilliseconds) is > 0 and var count)
        {
            came.Write(buffer, 0, count);
            if (buffer[count - 1] == '\n')
                break;
        }

        return Encoding.ASCII.GetString(came.GetBuffer(), 0, (int)came.Length).TrimEnd('\n');
    }

    private static void Answer(Wire door, DatagramRelay relay, WaitingPorts ports)
    {
        try
        {
            using var wire = door.Accept();
            if (wire is null)
                return;
            wire.Send(
                Encoding.UTF8.GetBytes(
                    Question(wire) switch
                    {
                        "load" => ports.Load() ?? Done,
                        "show" => relay.Shown,
                        "waiting" => ports.Shown,
                        "sessions" => string.Concat(relay.Sessions.Select(s => $"{s.Client} {s.Public}\n")),
                        ['e', 'n', 'd', ' ', .. var sessions] => End(relay, sessions),
                        _ => "should be: load, show, waiting, sessions or end",
                    }
                )
            );
        }
        catch (IOException e)
        {
            Say($"control: {e.Message}");
        }
    }

    private static string Ask(string socket, string question)
    {
        try
        {
            return Wire.Ask(socket, $"{question}\n");
        }
        catch (IOException e)
        {
            return $"{socket}: {e.Message}";
        }
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
