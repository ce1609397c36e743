namespace ChatOps.StandIns;

/// <summary>
/// The one limit of time that all tests have. It only ends a test that would wait for ever: a test waits for what it wants to see, and none
/// depends on how busy the machine is.
/// </summary>
public static class Patience
{
    /// <summary>Ten minutes: on two cores at a load of 40 everything takes twenty times as long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Cancelled when the limit is reached, counted from now.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Limit).Token;

    /// <summary>The result of a task.</summary>
    /// <exception cref="TimeoutException">It has not ended within the limit.</exception>
    public static Task<T> PatientlyAsync<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Waits for a task.</summary>
    /// <exception cref="TimeoutException">It has not ended within the limit.</exception>
    public static Task PatientlyAsync(this Task task) => task.WaitAsync(Limit);
}
