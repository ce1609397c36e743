using System.Globalization;
using System.Text;
using Azure.Storage.Queues;
using ChatOps.Integration.Azurites;

namespace ChatOps.Integration.Functions;

/// <summary>The host's queueTrigger, as the custom-handler contract and the storage queue's own say it.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class QueueTriggerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = AzuriteFixture.NewName("queue");
    private QueueClient _queue = null!;

    public async Task InitializeAsync()
    {
        _queue = ClientOf(_name);
        await _queue.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        await _queue.DeleteAsync();
        await ClientOf($"{_name}-poison").DeleteIfExistsAsync();
    }

    [Theory]
    [InlineData("hello", "\"hello\"")]
    [InlineData("""{"a":"ü"}""", "\"{\\\"a\\\":\\\"ü\\\"}\"")]
    public async Task A_text_comes_as_JSON_within_a_JSON_string_and_is_deleted_when_done(string text, string data)
    {
        await using var folder = await StartAsync();
        await SendAsync(text);
        var call = Assert.Single(await folder.CalledAsync("/Take", 1));
        Assert.Equal("POST", call.Method);
        Assert.Equal(data, call.Json.GetProperty("Data").GetProperty("item").GetString());
        var metadata = call.Json.GetProperty("Metadata");
        Assert.Equal("1", metadata.GetProperty("DequeueCount").GetString());
        Assert.Matches("^\"[0-9a-f-]{36}\"$", metadata.GetProperty("Id").GetString());
        Assert.StartsWith("\"", metadata.GetProperty("PopReceipt").GetString(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(metadata.GetProperty("InsertionTime").GetString(), CultureInfo.InvariantCulture, out _));
        Assert.Equal("Take", metadata.GetProperty("sys").GetProperty("MethodName").GetString());
        Assert.True(Guid.TryParse(call.Headers["x-azure-functions-invocationid"], out _));
        Assert.Matches("^4\\.", call.Headers["x-azure-functions-hostversion"]);
        await IsEmptyAsync();
    }

    [Fact]
    public async Task What_fails_comes_again_and_after_the_last_try_goes_to_the_poison_queue()
    {
        await using var folder = await StartAsync(f => f.Answer("Take", status: 500));
        await SendAsync("no");
        var calls = await folder.CalledAsync("/Take", 3);
        var poison = ClientOf($"{_name}-poison");
        await Eventually.TrueAsync(() => poison.Exists() && poison.PeekMessages(1).Value.Length == 1, () => string.Join(" | ", folder.Said));
        Assert.Equal(["1", "2", "3"], calls.Select(c => c.Json.GetProperty("Metadata").GetProperty("DequeueCount").GetString()));
        Assert.Equal("no", Encoding.UTF8.GetString(Convert.FromBase64String((await poison.PeekMessagesAsync(1)).Value[0].Body.ToString())));
        await IsEmptyAsync();
        Assert.Equal(3, folder.Calls("/Take").Count);
    }

    [Theory]
    [InlineData("text/plain", """{"Outputs":{}}""")]
    [InlineData("application/json", "yes")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "null")]
    public async Task An_answer_that_is_none_fails(string type, string body)
    {
        await using var folder = await StartAsync(f => f.Answer("Take", type: type, body: body), timeout: "00:00:01");
        await SendAsync("hello");
        Assert.Equal("2", (await folder.CalledAsync("/Take", 2))[1].Json.GetProperty("Metadata").GetProperty("DequeueCount").GetString());
    }

    [Fact]
    public async Task What_takes_long_is_kept_out_of_sight()
    {
        var invisible = TimeSpan.FromSeconds(10);
        await using var folder = await StartAsync(f => f.Answer("Take", isHeld: true), invisible: invisible);
        await SendAsync("hello");
        await folder.CalledAsync("/Take", 1);
        await Task.Delay(invisible + TimeSpan.FromSeconds(3));
        folder.Release();
        await IsEmptyAsync();
        Assert.Single(folder.Calls("/Take"));
    }

    [Fact]
    public async Task Messages_are_worked_on_side_by_side_up_to_the_size_of_a_batch()
    {
        await using var folder = await StartAsync(f => f.Answer("Take", isHeld: true), batch: 3);
        for (var i = 0; i < 6; i++)
            await SendAsync($"{i}");
        await folder.CalledAsync("/Take", 3);

        // Some rounds of asking the queue: the fourth waits for one of them.
        await Task.Delay(1_000);
        Assert.Equal(3, folder.Calls("/Take").Count);
        folder.Release();
        await folder.CalledAsync("/Take", 6);
        await IsEmptyAsync();
    }

    private Task<PublishedFolder> StartAsync(Action<PublishedFolder>? prepare = null, string timeout = "00:05:00", TimeSpan? invisible = null, int batch = 16)
    {
        var folder = new PublishedFolder(new { maxDequeueCount = 3, batchSize = batch, maxPollingInterval = "00:00:00.200" }, timeout)
            .WithSettings(new() { ["Storage"] = azurite.Azurite.ConnectionString, ["QueueName"] = _name })
            .With("Take", new { type = "queueTrigger", direction = "in", name = "item", queueName = "%QueueName%", connection = "Storage" });
        prepare?.Invoke(folder);
        return folder.StartAsync(invisible);
    }

    private Task SendAsync(string text) => _queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    // Also of what is out of sight.
    private Task IsEmptyAsync() => Eventually.TrueAsync(() => _queue.GetProperties().Value.ApproximateMessagesCount == 0, () => "the queue is not empty");

    private QueueClient ClientOf(string name) => new(azurite.Azurite.ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05));
}
