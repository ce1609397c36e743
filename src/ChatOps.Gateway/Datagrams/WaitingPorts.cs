using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Datagrams;

/// <summary>
/// The relay's file, and those of its ports that somebody else had when the service started: they keep no other port from being served, and
/// are served as soon as they are free. A port that is new in the file later must be free, or the file is not taken.
/// </summary>
internal sealed class WaitingPorts(DatagramRelay relay, string file, Action<string> say)
{
    private const int Pause = 1_000;

    private readonly HashSet<Endpoint> _waiting = [];
    private long _looked;

    public string Shown => string.Concat(_waiting.Select(w => $"{w}\n"));

    /// <summary>Makes the relay do what its file says: null, or why not, and then all is as it was.</summary>
    public string? Load(bool isStart = false)
    {
        try
        {
            var wanted = RelayFile.Read(System.IO.File.ReadAllText(file));
            var held = wanted.Select(p => p.Listen).Where(l => (isStart || _waiting.Contains(l)) && !UdpSocket.IsFree(l)).ToHashSet();
            if (relay.Load(RelayFile.Shown(wanted.Where(p => !held.Contains(p.Listen)))) is { } why)
                return why;
            foreach (var listen in held.Except(_waiting))
                say($"{listen} is held by somebody else, and is served when that ends");
            foreach (var listen in _waiting.Except(held).Intersect(wanted.Select(p => p.Listen)))
                say($"{listen} is served");
            _waiting.Clear();
            _waiting.UnionWith(held);
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            return e.Message;
        }
    }

    /// <summary>Looks, once a second, whether one of them is free.</summary>
    public void Look()
    {
        if (_waiting.Count == 0 || Environment.TickCount64 - _looked < Pause)
            return;
        _looked = Environment.TickCount64;
        if (_waiting.Any(UdpSocket.IsFree) && Load() is { } why)
            say(why);
    }
}
