using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery.Folder;

/// <summary>
/// Gateways as folders, for a machine where no gateway can be: ROOT/NAME/revisions/N with <c>current</c> and <c>confirmed</c> beside it. It
/// fences, validates (with whichever checkers this machine has), switches, confirms and reverts as the gateway's program does. Nothing runs
/// there, so nothing is switched on, and the revert timer is not simulated: an unconfirmed revision stays until it is reverted.
/// </summary>
/// <param name="root">The folder of all gateways; made when it is not there.</param>
/// <param name="time">For the durations in an answer.</param>
public sealed class FolderGatewayClient(string root, TimeProvider time) : IGatewayClient, IDisposable
{
    private readonly string _root = Path.GetFullPath(root);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>A fingerprint made from the folder's path: there is no machine that could show a key.</summary>
    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"folder:{Of(gateway).Path}"));
        return Task.FromResult(Text.Parse<HostKey>("SHA256:" + Convert.ToBase64String(digest).TrimEnd('=')));
    }

    /// <inheritdoc/>
    public Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    ) => AloneAsync(gateway, folder => ApplyAsync(folder, revision, files, onStep, cancel), cancel);

    /// <summary>Proves that the folder can be written: the only way in which it can be out of reach.</summary>
    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) =>
        AloneAsync(gateway, folder => Task.FromResult(folder.Running), cancel);

    /// <inheritdoc/>
    public Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel) =>
        AloneAsync<GatewayAnswer>(
            gateway,
            folder =>
            {
                if (folder.Running != revision)
                {
                    var error = $"revision {revision} does not run any more: revision {folder.Running} does";
                    return Task.FromResult<GatewayAnswer>(new GatewayAnswer.Refused("confirming", "reverted", error, folder.Running));
                }

                folder.Confirmed = revision;
                return Task.FromResult<GatewayAnswer>(Done());
            },
            cancel
        );

    /// <inheritdoc/>
    public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) =>
        AloneAsync<GatewayAnswer>(
            gateway,
            folder =>
            {
                folder.Running = folder.Confirmed;
                return Task.FromResult<GatewayAnswer>(Done());
            },
            cancel
        );

    /// <summary>The revisions; everything else is zero or absent, as nothing runs.</summary>
    public Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) =>
        AloneAsync(
            gateway,
            folder =>
                Task.FromResult(
                    new GatewayObservation(
                        folder.Running,
                        folder.Confirmed,
                        "folder",
                        TimeSpan.Zero,
                        0,
                        folder.Services(),
                        ImmutableDictionary<string, DateTimeOffset>.Empty,
                        0,
                        0,
                        null,
                        Highest: folder.Highest,
                        IsFolder: true
                    )
                ),
            cancel
        );

    /// <summary>Edited files; nothing runs that could differ from them.</summary>
    public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) =>
        AloneAsync<ImmutableArray<Drift>>(gateway, folder => Task.FromResult<ImmutableArray<Drift>>([.. folder.Drift()]), cancel);

    /// <summary>Nothing passes through a folder.</summary>
    public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) =>
        AloneAsync(
            gateway,
            _ =>
                Task.FromResult(
                    new GatewayStats("folder", TimeSpan.Zero, 0, [], ImmutableSortedDictionary<string, Volume>.Empty, [], [], 0, 0)
                ),
            cancel
        );

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<GatewayAnswer> ApplyAsync(
        RevisionFolder folder,
        Revision revision,
        IReadOnlyDictionary<string, string> files,
        Action<string> onStep,
        CancellationToken cancel
    )
    {
        var start = time.GetTimestamp();
        if (folder.Fence(revision, files) is { } refused)
            return refused;
        onStep("validating");
        var draft = folder.Draft(revision, files);
        var results = await CheckRunner.RunAsync(Checks.Of(draft, files.Keys), cancel);
        var validating = Milliseconds(start);
        // The checkers name files by their whole path here, which means nothing to whoever reads the answer.
        string Short(CheckResult result) => result.ToString().Replace(draft + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        if (results.OfType<CheckResult.Failed>().FirstOrDefault() is { } failed)
            return new GatewayAnswer.Refused("validating", "", Short(failed), folder.Running);
        onStep("switching");
        folder.SwitchTo(revision, draft);
        return new GatewayAnswer.Done(
            [$"written to {folder.CurrentPath}; nothing was switched on", .. results.OfType<CheckResult.Skipped>().Select(Short)],
            ImmutableSortedDictionary<string, int>.Empty.Add("validating", validating).Add("total", Milliseconds(start))
        )
        {
            IsOnFileOnly = true,
        };
    }

    private async Task<T> AloneAsync<T>(Gateway gateway, Func<RevisionFolder, Task<T>> act, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            var folder = Of(gateway);
            folder.Create();
            return await act(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayUnreachableException($"the folder of {gateway.Name} under {_root} cannot be used: {e.Message}", e);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private RevisionFolder Of(Gateway gateway) => new(Path.Combine(_root, gateway.Name.ToString()));

    private int Milliseconds(long start) => (int)time.GetElapsedTime(start).TotalMilliseconds;

    private static GatewayAnswer.Done Done() => new([], ImmutableSortedDictionary<string, int>.Empty);
}
