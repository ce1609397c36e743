using System.Globalization;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>
/// The timer that goes back to the confirmed revision, of systemd, so that it outlives the SSH session. Each has a name of its own, and
/// acts only while /run/chatops/timer names it: an older one that is late does no harm, and nothing has to be cancelled in a hurry.
/// </summary>
internal sealed class RevertTimer
{
    private readonly Systemd _systemd;
    private readonly string _name;
    private readonly long _end;
    private readonly uint _call;
    private readonly string? _failure;

    /// <summary>Asks for the timer; it counts only once it is trusted.</summary>
    public RevertTimer(Systemd systemd, long revision, long seconds)
    {
        var uptime = Files.Line("/proc/uptime")!.Split(' ')[0];
        (_systemd, _end) = (systemd, long.Parse(uptime.Split('.')[0], CultureInfo.InvariantCulture) + seconds);
        // Unique also when a later run of this program has the same number.
        _name = $"chatops-revert-{revision}-{Environment.ProcessId}-{uptime.Replace(".", "", StringComparison.Ordinal)}";
        try
        {
            var description = $"ChatOps: back to the confirmed revision unless {revision} is confirmed";
            _call = systemd.Arm(new(_name, description, [Places.Program, "expire", $"{revision}", _name]) { Seconds = seconds });
        }
        catch (IOException e)
        {
            _failure = e.Message;
        }
    }

    /// <summary>Waits until it is there; null, or why it is not.</summary>
    public string? Armed() => _failure ?? _systemd.Armed(_call);

    /// <summary>From here on this timer and no other. /run is in memory: a full disk does not matter.</summary>
    public void Trust() => File.WriteAllText(Places.Timer, $"{_name} {_end}\n");

    /// <summary>Takes it away: the revision does not come, or the way back was gone already.</summary>
    public void Disarm() => _systemd.Forget(_name);

    /// <summary>The one that counts; null when there is none.</summary>
    public static string? Trusted => Files.Line(Places.Timer)?.Split(' ')[0] is { Length: > 0 } name ? name : null;

    /// <summary>None counts any more. The one that did finds nothing to do; it is only taken away for tidiness.</summary>
    public static void Forget(Systemd systemd)
    {
        if (Trusted is { } name)
            systemd.Forget(name);
        File.WriteAllText(Places.Timer, "");
    }
}
