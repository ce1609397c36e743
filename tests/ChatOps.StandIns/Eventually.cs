namespace ChatOps.StandIns;

/// <summary>Waits for what must come, but not at a certain time.</summary>
public static class Eventually
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);

    // Looking costs too, and what has not come soon comes late.
    private static readonly TimeSpan Last = TimeSpan.FromMilliseconds(200);

    /// <summary>Until it is so.</summary>
    /// <param name="isSo">Asked again and again.</param>
    /// <param name="otherwise">What to say when it never is.</param>
    /// <exception cref="TimeoutException">It is not so within <see cref="Patience.Limit"/>.</exception>
    public static Task TrueAsync(Func<bool> isSo, Func<string>? otherwise = null) => TrueAsync(() => Task.FromResult(isSo()), otherwise);

    /// <summary>Until it is so.</summary>
    /// <param name="isSo">Asked again and again.</param>
    /// <param name="otherwise">What to say when it never is.</param>
    /// <exception cref="TimeoutException">It is not so within <see cref="Patience.Limit"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> isSo, Func<string>? otherwise = null) =>
        await ThereAsync(async () => await isSo() ? "so" : null, otherwise);

    /// <summary>What is looked for, once it is there.</summary>
    /// <param name="look">Asked again and again; null as long as it is not there.</param>
    /// <param name="otherwise">What to say when it never is.</param>
    /// <exception cref="TimeoutException">It is not there within <see cref="Patience.Limit"/>.</exception>
    public static Task<T> ThereAsync<T>(Func<T?> look, Func<string>? otherwise = null)
        where T : class => ThereAsync(() => Task.FromResult(look()), otherwise);

    /// <summary>What is looked for, once it is there.</summary>
    /// <param name="look">Asked again and again; null as long as it is not there.</param>
    /// <param name="otherwise">What to say when it never is.</param>
    /// <exception cref="TimeoutException">It is not there within <see cref="Patience.Limit"/>.</exception>
    public static async Task<T> ThereAsync<T>(Func<Task<T?>> look, Func<string>? otherwise = null)
        where T : class
    {
        var until = DateTime.UtcNow + Patience.Limit;
        for (var pause = First; ; pause = pause * 1.5 < Last ? pause * 1.5 : Last)
        {
            if (await look() is { } found)
                return found;
            if (DateTime.UtcNow > until)
                throw new TimeoutException(
                    $"it did not come within {Patience.Limit.TotalMinutes} minutes; {otherwise?.Invoke() ?? "nothing more is known"}"
                );
            await Task.Delay(pause);
        }
    }
}
