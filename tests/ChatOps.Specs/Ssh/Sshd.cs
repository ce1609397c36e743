using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace ChatOps.Specs.Ssh;

/// <summary>
/// OpenSSH's sshd as an ordinary process on a loopback port, with keys of its own and one authorised key that may run nothing but the
/// stand-in script. It and all its children end with it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Sshd : IDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    public Sshd()
    {
        Port = FreePort();
        Generate("host_key");
        Generate("client_key");
        StandIn = new StandInScript(_folder.Path);
        Authorize(File.ReadAllText(_folder.In("client_key.pub")));
        File.WriteAllText(
            _folder.In("config"),
            $"""
            ListenAddress 127.0.0.1
            Port {Port}
            HostKey {_folder.In("host_key")}
            AuthorizedKeysFile {_folder.In("authorized_keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin forced-commands-only
            """
        );
        Start();
    }

    public int Port { get; }

    public StandInScript StandIn { get; }

    public string IdentityFile => _folder.In("client_key");

    /// <summary>The Ed25519 host key as OpenSSH itself tells it.</summary>
    public string Fingerprint => Run("ssh-keygen", "-lf", _folder.In("host_key.pub")).Split(' ')[1];

    /// <summary>What sshd wrote to its log since it was last started.</summary>
    public StringBuilder Log { get; } = new();

    /// <summary>Lets one more key in, to run the stand-in.</summary>
    public void Authorize(string key) =>
        File.AppendAllText(_folder.In("authorized_keys"), $"restrict,command=\"{StandIn.Path}\" {key.TrimEnd()}\n");

    public void Start()
    {
        // Only sshd that root starts wants it, and packages make it at boot, which not every machine has had.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        Log.Clear();
        var start = new ProcessStartInfo(SshdFactAttribute.Program, ["-D", "-e", "-f", _folder.In("config")])
        {
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (Log)
                Log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        for (var patience = Patience.Token; !Answers(); Thread.Sleep(20))
        {
            if (patience.IsCancellationRequested || _process.HasExited)
                throw new InvalidOperationException($"sshd did not start: {ReadLog()}");
        }
    }

    /// <summary>Ends it and every connection that it has.</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops the processes that serve its connections, as if the network swallowed all that is sent there.</summary>
    public void FreezeConnections()
    {
        foreach (var child in ChildrenOf(_process!.Id))
        {
            foreach (var grandchild in ChildrenOf(child))
                Run("kill", "-STOP", $"{grandchild}");
            Run("kill", "-STOP", $"{child}");
        }
    }

    public string ReadLog()
    {
        lock (Log)
            return Log.ToString();
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int[] ChildrenOf(int process) =>
        [
            .. File.ReadAllText($"/proc/{process}/task/{process}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse),
        ];

    private void Generate(string name) => Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _folder.In(name));

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} exited with {process.ExitCode}");
    }
}
