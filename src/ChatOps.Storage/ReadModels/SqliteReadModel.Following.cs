using ChatOps.Core.Domain.Changes;

namespace ChatOps.Storage.ReadModels;

/// <summary>Follows the log into the read model.</summary>
public sealed partial class SqliteReadModel
{
    private async Task<Followed> FollowAsync(CancellationToken cancel)
    {
        var projection = _projection!;
        var inBatch = 0;
        try
        {
            await foreach (var recorded in _log.ReadAllAsync(projection.Position, cancel))
            {
                if (!projection.Follows(recorded))
                    return Followed.AnotherLog;
                if (recorded.Event is PersonForgotten && !_forgotten.Contains(recorded.Id))
                    return Followed.UntilSomebodyIsForgotten;
                if (inBatch++ == 0 && !projection.Begin())
                    return Followed.AnotherWriter;
                projection.Add(recorded);
                if (inBatch < BatchSize)
                    continue;
                Commit(projection);
                inBatch = 0;
            }

            if (inBatch > 0)
                Commit(projection);
            inBatch = 0;
            return Followed.ToTheEnd;
        }
        finally
        {
            // What is not committed must not stay in memory either: the file is opened again.
            if (inBatch > 0)
                await CloseAsync(CancellationToken.None);
        }
    }

    private void Commit(Projection projection)
    {
        projection.Commit();
        _progress?.Report(projection.Position);
    }

    private enum Followed
    {
        ToTheEnd,
        AnotherLog,
        AnotherWriter,
        UntilSomebodyIsForgotten,
    }
}
