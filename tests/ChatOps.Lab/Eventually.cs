namespace ChatOps.Lab;

/// <summary>Waits for what must come, but not at a certain time.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < until, "it did not come within a minute");
            await Task.Delay(50);
        }
    }
}
