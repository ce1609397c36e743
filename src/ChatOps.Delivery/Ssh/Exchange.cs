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
internal sealed class Exchange(SshClient client, Call call)
{
    private const int OutputLimit = 4 * 1024 * 1024;

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
            return client.CreateCommand(call.Verb.ToString(), Encoding.UTF8);
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
        if (call.Input.IsEmpty)
            return;
        try
        {
            using var stream = command.CreateInputStream();
            stream.Write(call.Input.Span);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // The program ended without reading: its answer says why.
        }
    }

    // Lines such as {"step":"switching"} come while the gateway works; the rest is the answer.
    private string ReadOutput(Stream output)
    {
        using var reader = new StreamReader(output, Encoding.UTF8);
        var answer = new StringBuilder();
        while (ReadLine(reader) is { } line)
        {
            if (GatewayAnswers.Step(line) is { } step)
                call.OnStep(step);
            else if (answer.Append(line).Append('\n').Length > OutputLimit)
                throw new GatewayAnswerException($"the gateway's answer is longer than {OutputLimit} characters");
        }

        return answer.ToString();
    }

    // As StreamReader.ReadLine, which would keep a line without an end for ever.
    private static string? ReadLine(StreamReader reader)
    {
        var line = new StringBuilder();
        for (int c; (c = reader.Read()) >= 0;)
        {
            if (c == '\n')
                return line.ToString();
            if (line.Append((char)c).Length > OutputLimit)
                throw new GatewayAnswerException($"the gateway's answer is longer than {OutputLimit} characters");
        }

        return line.Length > 0 ? line.ToString() : null;
    }
}
