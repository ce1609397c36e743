using System.Buffers.Binary;

namespace ChatOps.Gateway.Running;

/// <summary>
/// The services and timers of this machine, by the service manager's own socket: to start <c>systemctl</c> costs more than what it asks.
/// </summary>
internal sealed class Systemd : IDisposable
{
    private const string Manager = "org.freedesktop.systemd1.Manager";
    private const string Root = "/org/freedesktop/systemd1";
    private const int JobSeconds = 90;

    private readonly Lazy<Bus> _bus = new(() => new());

    /// <summary>"active", "inactive", "failed", "activating" and so on; "unknown" when nobody can be asked.</summary>
    public string State(string unit)
    {
        try
        {
            return Property(unit, "org.freedesktop.systemd1.Unit", "ActiveState") is { } body ? Bus.TextAt(body, 4) : "unknown";
        }
        catch (IOException)
        {
            return "unknown";
        }
    }

    /// <summary>The number of a service's main process; null when it has none, or nobody can be asked.</summary>
    public int? MainProcess(string unit)
    {
        try
        {
            return
                Property(unit, "org.freedesktop.systemd1.Service", "MainPID") is { Length: >= 8 } body
                && BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(4)) is > 0 and var process
                ? (int)process
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public bool IsActive(string unit) => State(unit) == "active";

    /// <summary>Starts a unit anew and waits until it runs; null, or why it does not.</summary>
    public string? Restart(string unit) =>
        Do("RestartUnit", unit) ?? (IsActive(unit) ? null : $"{unit} does not start; it is {State(unit)}");

    /// <summary>Stops a unit and waits for its end; null, or why it goes on.</summary>
    public string? Stop(string unit) => Do("StopUnit", unit);

    /// <summary>Has a unit read its files again; null, or why it has not.</summary>
    public string? Reload(string unit) =>
        Do("ReloadUnit", unit)
        ?? (
            Property(unit, "org.freedesktop.systemd1.Service", "ReloadResult") is { } body
            && Bus.TextAt(body, 4) is not "success" and var result
                ? $"{unit} does not reload: {result}"
                : null
        );

    /// <summary>Forgets that a unit has failed, so that it may be started as often as ever.</summary>
    public void ResetFailed(string unit)
    {
        try
        {
            _bus.Value.Call(Root, Manager, "ResetFailedUnit", "s", a => a.Text(unit));
        }
        catch (BusException)
        {
            // It has not failed.
        }
    }

    /// <summary>Takes a timer away without waiting.</summary>
    public void Forget(string timer)
    {
        try
        {
            _bus.Value.Call(Root, Manager, "StopUnit", "ss", a => a.Text($"{timer}.timer").Text("replace"));
        }
        catch (IOException)
        {
            // One that stays finds nothing to do when its time comes.
        }
    }

    /// <summary>
    /// Asks for a timer that calls this program; its outcome is waited for by <see cref="Armed"/>. It outlives whoever asked. systemd's
    /// default accuracy is a minute.
    /// </summary>
    /// <exception cref="IOException">There is no service manager.</exception>
    public uint Arm(TimerUnit timer) => _bus.Value.Send(Root, Manager, "StartTransientUnit", "ssa(sv)a(sa(sv))", a =>
        {
            a.Text($"{timer.Name}.timer").Text("fail");
            a.Array(8, properties =>
            {
                properties.Property("Description", "s", v => v.Text(timer.Description));
                properties.Property("CollectMode", "s", v => v.Text("inactive-or-failed"));
                if (timer.Seconds is { } seconds)
                    properties.Property("TimersMonotonic", "a(st)", v =>
                        v.Array(8, e => e.Align(8).Text("OnActiveSec").Number((ulong)seconds * 1_000_000))
                    );
                if (timer.At is { } time)
                    properties.Property("TimersCalendar", "a(ss)", v => v.Array(8, e => e.Align(8).Text("OnCalendar").Text($"@{time}")));
                properties.Property("AccuracyUSec", "t", v => v.Number(100_000ul));
                properties.Property("RemainAfterElapse", "b", v => v.Flag(false));
            });
            a.Array(8, units => units
                    .Align(8)
                    .Text($"{timer.Name}.service")
                    .Array(8, properties =>
                    {
                        properties.Property("Description", "s", v => v.Text(timer.Description));
                        properties.Property("CollectMode", "s", v => v.Text("inactive-or-failed"));
                        properties.Property("Type", "s", v => v.Text("oneshot"));
                        properties.Property("Restart", "s", v => v.Text("on-failure"));
                        properties.Property("RestartUSec", "t", v => v.Number((ulong)timer.RetrySeconds * 1_000_000));
                        properties.Property("ExecStart", "a(sasb)", v =>
                            v.Array(8, commands =>
                                commands
                                    .Align(8)
                                    .Text(timer.Command[0])
                                    .Array(4, words => Array.ForEach(timer.Command, word => words.Text(word)))
                                    .Flag(false)
                            )
                        );
                    }));
        });

    /// <summary>Whether a timer that was asked for is there; null, or why it is not.</summary>
    public string? Armed(uint call)
    {
        try
        {
            _bus.Value.Wait(call);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    /// <summary>Makes a timer; null, or why it is not there.</summary>
    public string? TryArm(TimerUnit timer)
    {
        try
        {
            return Armed(Arm(timer));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public void Dispose()
    {
        if (_bus.IsValueCreated)
            _bus.Value.Dispose();
    }

    private string? Do(string method, string unit)
    {
        try
        {
            _bus.Value.Call(Root, Manager, method, "ss", a => a.Text(unit).Text("replace"));
            for (var end = Environment.TickCount64 + JobSeconds * 1000; Environment.TickCount64 < end; Thread.Sleep(5))
            {
                // A unit has at most one job; 0 says that there is none any more.
                if (
                    Property(unit, "org.freedesktop.systemd1.Unit", "Job") is not { } job
                    || BinaryPrimitives.ReadUInt32LittleEndian(job.AsSpan(8)) == 0
                )
                    return null;
            }

            return $"{unit}: no end of {method} within {JobSeconds} s";
        }
        catch (IOException e)
        {
            return $"{unit}: {e.Message}";
        }
    }

    // A variant: its signature, then the value at a multiple of its size. Null when the unit is not there any more.
    private byte[]? Property(string unit, string face, string name)
    {
        try
        {
            return _bus.Value.Call($"{Root}/unit/{Escaped(unit)}", "org.freedesktop.DBus.Properties", "Get", "ss", a =>
                a.Text(face).Text(name)
            );
        }
        catch (BusException)
        {
            return null;
        }
    }

    private static string Escaped(string unit) => string.Concat(unit.Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}" : $"_{(int)c:x2}"));
}

/// <summary>
/// A timer that calls this program once: so many seconds from now, or at a UNIX time, which systemd looks at anew when the clock is set.
/// </summary>
internal sealed record TimerUnit(string Name, string Description, string[] Command)
{
    public long? Seconds { get; init; }

    public long? At { get; init; }

    /// <summary>When it did not end well, it is called again after so long.</summary>
    public int RetrySeconds { get; init; } = 1;
}
