using System.Text;
using ChatOps.Delivery.Answers;
using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>The connection was gone before the gateway acknowledged the verb: nothing was done, so it may be sent again.</summary>
internal sealed class NotStartedException(Exception inner) : Exception(inner.Message, inner);

/// <summary>
/// One verb over an open connection: its start, its input, its whole output. SSH.NET blocks in each of these, so they share one thread of
/// their own instead of threads of the pool.
/// </summary>
internal sealed class Exchange(SshClient client, Verb verb, ReadOnlyMemory<byte> input)
{
    private const int OutputLimit = 1024 * 1024;

    private volatile SshCommand? _command;

    /// <summary>Runs it.</summary>
    public Task<Said> Run() =>
        Task.Factory.StartNew(Blocking, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Lets the thread go on when its connection is closed under it: SSH.NET would leave it waiting for output.</summary>
    public void Abandon() => _command?.Dispose();

    private Said Blocking()
    {
        using var command = Create();
        _command = command;
        var executing = Start(command);
        Feed(command);
        var output = ReadOutput(command.OutputStream);
        executing.GetAwaiter().GetResult();
        return new Said(output, command.Error, command.ExitStatus);
    }

    private SshCommand Create()
    {
        try
        {
            return client.CreateCommand(verb.ToString(), Encoding.UTF8);
        }
        catch (Exception e) when (Loss.Is(e))
        {
            throw new NotStartedException(e);
        }
    }

    /// <summary>
    /// Returns when the gateway has acknowledged the verb. Without the acknowledgement it may still have started, and that is harmless:
    /// <c>apply</c> had no bundle yet, and the other verbs do the same when they are done twice.
    /// </summary>
    private static Task Start(SshCommand command)
    {
        try
        {
            return command.ExecuteAsync(CancellationToken.None);
        }
        catch (Exception e) when (Loss.Is(e))
        {
            throw new NotStartedException(e);
        }
    }

    private void Feed(SshCommand command)
    {
        if (input.IsEmpty)
            return;
        try
        {
            using var stream = command.CreateInputStream();
            stream.Write(input.Span);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // The script ended without reading: its answer says why.
        }
    }

    private static string ReadOutput(Stream output)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int length; (length = output.Read(buffer)) > 0; )
        {
            if (whole.Length + length > OutputLimit)
                throw new GatewayAnswerException($"the gateway's answer is longer than {OutputLimit} bytes");
            whole.Write(buffer, 0, length);
        }

        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }
}
