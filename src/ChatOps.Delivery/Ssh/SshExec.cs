using System.Text;
using ChatOps.Delivery.Answers;
using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// The connection was gone before the gateway said anything to the verb: either nothing was done, or it does no harm to send it again.
/// </summary>
internal sealed class NotStartedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A program at the other end of an open connection: its start, its input, its output. SSH.NET blocks in each of these, so what is done
/// here has a thread of its own instead of threads of the pool.
/// </summary>
internal sealed class SshExec : IDisposable
{
    private const int OutputLimit = 4 * 1024 * 1024;
    private const string End = "{\"exit\":";

    private readonly SshCommand _command;
    private readonly Task _executing;
    private readonly Stream _input;
    private readonly StreamReader _output;

    private SshExec(SshCommand command, Task executing) =>
        (_command, _executing, _input, _output) = (
            command,
            executing,
            command.CreateInputStream(),
            new(command.OutputStream, Encoding.UTF8)
        );

    /// <exception cref="NotStartedException">The connection is gone.</exception>
    public static Task<SshExec> OpenSessionAsync(SshClient client) => OnThread(() => Start(client, Verb.Session));

    /// <summary>Starts a program for one verb and waits for its whole answer.</summary>
    /// <param name="started">Told what to dispose of when nobody waits any more.</param>
    public static Task<GatewayResponse> RunAsync(SshClient client, Verb verb, Action<SshExec> started) =>
        OnThread(() =>
        {
            using var exchange = Start(client, verb);
            started(exchange);
            exchange._input.Dispose();
            return exchange.ReadToEnd(_ => { });
        });

    /// <summary>Sends a verb to a program that does one after the other, and waits for its answer.</summary>
    /// <param name="patience">How long to wait until the program says that it has the verb.</param>
    /// <exception cref="NotStartedException">The program is gone, or silent.</exception>
    public async Task<GatewayResponse> SendAsync(GatewayRequest call, TimeSpan patience)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Beside each other: a program that answers before it has read all of it is heard.
        var writing = OnThread(() => Write(call));
        var reading = OnThread(() => ReadToEnd(OnStep));
        try
        {
            if (await Task.WhenAny(taken.Task, reading, Task.Delay(patience)) != taken.Task && !taken.Task.IsCompleted)
            {
                Dispose();
                throw new NotStartedException(
                    reading.IsFaulted ? reading.Exception.InnerException!.Message
                    : reading.IsCompleted ? "the program there is gone"
                    : $"no sign of it within {patience.TotalSeconds:0.#} s"
                );
            }

            return await reading;
        }
        finally
        {
            if (!writing.IsCompleted)
                Dispose();
        }

        // The first that it says is that it has the verb.
        void OnStep(string step)
        {
            taken.TrySetResult();
            call.OnStep(step);
        }
    }

    /// <summary>Lets whoever waits go on when the connection is closed under it: SSH.NET would leave it waiting for output.</summary>
    public void Dispose() => _command.Dispose();

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static SshExec Start(SshClient client, Verb verb)
    {
        SshCommand? command = null;
        try
        {
            command = client.CreateCommand(verb.ToString(), Encoding.UTF8);
            return new(command, command.ExecuteAsync(CancellationToken.None));
        }
        catch (Exception e) when (TransientErrors.Is(e))
        {
            command?.Dispose();
            throw new NotStartedException(e.Message, e);
        }
    }

    private bool Write(GatewayRequest call)
    {
        var head = Encoding.ASCII.GetBytes($"{call.Input.Length} {call.Verb}\n");
        var whole = new byte[head.Length + call.Input.Length];
        head.CopyTo(whole, 0);
        call.Input.CopyTo(whole.AsMemory(head.Length));
        try
        {
            _input.Write(whole);
            _input.Flush();
            return true;
        }
        catch (Exception e) when (TransientErrors.Is(e) || e is InvalidOperationException)
        {
            // The program may have ended in the middle of it: its answer says why.
            return false;
        }
    }

    // Lines such as {"step":"switching"} come while the gateway works; the rest is the answer.
    private GatewayResponse ReadToEnd(Action<string> onStep)
    {
        var answer = new StringBuilder();
        while (ReadLine() is { } line)
        {
            if (line.StartsWith(End, StringComparison.Ordinal))
                return new(
                    answer.ToString(),
                    "",
                    int.Parse(line.AsSpan()[End.Length..^1], System.Globalization.CultureInfo.InvariantCulture)
                );
            if (GatewayAnswers.Step(line) is { } step)
                onStep(step);
            else if (answer.Append(line).Append('\n').Length > OutputLimit)
                throw new GatewayAnswerException($"the gateway's answer is longer than {OutputLimit} characters");
        }

        _executing.GetAwaiter().GetResult();
        return new GatewayResponse(answer.ToString(), _command.Error, _command.ExitStatus);
    }

    // As StreamReader.ReadLine, which would keep a line without an end for ever.
    private string? ReadLine()
    {
        var line = new StringBuilder();
        for (int c; (c = _output.Read()) >= 0; )
        {
            if (c == '\n')
                return line.ToString();
            if (line.Append((char)c).Length > OutputLimit)
                throw new GatewayAnswerException($"the gateway's answer is longer than {OutputLimit} characters");
        }

        return line.Length > 0 ? line.ToString() : null;
    }
}
