using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Running;

/// <summary>How a program ended: its status (127: it is not there, 128 + N: by signal N) and what it wrote.</summary>
internal readonly record struct Outcome(int Status, string Output, string Errors)
{
    public bool IsOk => Status == 0;

    /// <summary>All that it said; when it said nothing, how it ended.</summary>
    public string Said => (Output + Errors).TrimEnd() is { Length: > 0 } said ? said : $"it ended with status {Status}, without a word";
}

/// <summary>
/// A program that was started by its argument list. What it reads and writes are files in memory, so that nobody waits for anybody and
/// several can run side by side. It inherits nothing else: not the lock, and no more of the environment than a path and a language.
/// </summary>
internal sealed unsafe class Command : IDisposable
{
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] Settings = [$"PATH={string.Join(':', Folders)}", "LC_ALL=C"];

    private readonly SafeFileHandle _output = Memory();
    private readonly SafeFileHandle _errors = Memory();
    private readonly int _process;
    private readonly string? _failure;

    private Command(string program, ReadOnlySpan<string> arguments, byte[] input)
    {
        if (Find(program) is not { } path)
        {
            _failure = $"{program} is not on this gateway; run install again";
            return;
        }

        using var given = Memory();
        RandomAccess.Write(given, input, 0);
        var actions = stackalloc byte[256];
        _ = Libc.InitActions(actions);
        _ = Libc.AddDuplicate(actions, (int)given.DangerousGetHandle(), 0);
        _ = Libc.AddDuplicate(actions, (int)_output.DangerousGetHandle(), 1);
        _ = Libc.AddDuplicate(actions, (int)_errors.DangerousGetHandle(), 2);
        var list = Texts([program, .. arguments]);
        var settings = Texts(Settings);
        var error = Libc.Spawn(out _process, path, actions, null, list, settings);
        Free(list);
        Free(settings);
        _ = Libc.DestroyActions(actions);
        if (error != 0)
            _failure = $"cannot start {path}: {Marshal.GetPInvokeErrorMessage(error)}";
    }

    /// <summary>Where a program is; null when it is not on this machine.</summary>
    public static string? Find(string program) =>
        program.StartsWith('/') ? program : Folders.Select(f => $"{f}/{program}").FirstOrDefault(File.Exists);

    public static Command Start(string program, params ReadOnlySpan<string> arguments) => new(program, arguments, []);

    public static Command StartWith(byte[] input, string program, params ReadOnlySpan<string> arguments) => new(program, arguments, input);

    public static Outcome Run(string program, params ReadOnlySpan<string> arguments)
    {
        using var command = new Command(program, arguments, []);
        return command.Wait();
    }

    public static Outcome RunWith(string input, string program, params ReadOnlySpan<string> arguments)
    {
        using var command = new Command(program, arguments, Encoding.UTF8.GetBytes(input));
        return command.Wait();
    }

    public static Outcome RunWith(byte[] input, string program, params ReadOnlySpan<string> arguments)
    {
        using var command = new Command(program, arguments, input);
        return command.Wait();
    }

    /// <summary>The file limit of the services, also for what is checked for them: an SSH session has a small one.</summary>
    public static void RaiseFileLimit()
    {
        const int files = 7;
        var limit = stackalloc ulong[] { 262144, 262144 };
        _ = Libc.SetLimit(files, limit);
    }

    public Outcome Wait()
    {
        if (_failure is not null)
            return new(127, "", _failure);
        int status;
        while (Libc.WaitFor(_process, out status, 0) < 0)
        {
            const int interrupted = 4;
            if (Marshal.GetLastPInvokeError() != interrupted)
                return new(127, "", $"cannot wait for a program: {Libc.LastError}");
        }

        return new((status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f), Content(_output), Content(_errors));
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private static SafeFileHandle Memory()
    {
        const uint closeOnExec = 1;
        var file = Libc.CreateMemory("chatops", closeOnExec);
        return file >= 0 ? new(file, ownsHandle: true) : throw new IOException($"no memory for a program's texts: {Libc.LastError}");
    }

    private static string Content(SafeFileHandle file)
    {
        var text = new byte[RandomAccess.GetLength(file)];
        var length = 0;
        while (length < text.Length && RandomAccess.Read(file, text.AsSpan(length), length) is > 0 and var count)
            length += count;
        return Encoding.UTF8.GetString(text, 0, length);
    }

    private static byte** Texts(ReadOnlySpan<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
            list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return list;
    }

    private static void Free(byte** texts)
    {
        for (var i = 0; texts[i] is not null; i++)
            Marshal.FreeCoTaskMem((nint)texts[i]);
        NativeMemory.Free(texts);
    }
}
